import { refuse } from "./refuse.ts";

/**
 * Refuses options of other names, which a misspelling would make silently ignored, and what is no object.
 * @throws LF_BAD_PARAMETER.
 */
export function checkNames(of: string, options: object, names: readonly string[]): void {
  const wrong =
    Object(options) === options
      ? Object.entries(options).find(
          ([name, value]) => value !== undefined && value !== null && !names.includes(name),
        )
      : [options];
  if (wrong) refuse("LF_BAD_PARAMETER", `options of ${of}`, wrong[0], `among ${names.join(", ")}`);
}
