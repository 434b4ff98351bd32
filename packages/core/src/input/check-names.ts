import { refuse } from "./refuse.ts";

/**
 * Refuses options of other names, which a misspelling would make silently ignored, and what is no object.
 * @throws LF_BAD_PARAMETER.
 */
export function checkNames(of: string, options: object, names: readonly string[]): void {
  if (Object(options) !== options) refuse("LF_BAD_PARAMETER", `options of ${of}`, options, "an object");
  for (const [name, value] of Object.entries(options) as [string, unknown][]) {
    if ((value ?? null) !== null && !names.includes(name))
      refuse("LF_BAD_PARAMETER", `options of ${of}`, name, `among ${names.join(", ")}`);
  }
}
