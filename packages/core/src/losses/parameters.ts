import { checkNames } from "../input/check-names.ts";
import { refuse } from "../input/refuse.ts";

/**
 * For each option of a loss the value it has and what is allowed: the least number, the greatest (Infinity unless given)
 * and, where null and lists of such numbers are too, null; or all choices.
 */
export type Rules = Readonly<Record<string, readonly unknown[]>>;

/** The smallest number above 0, as the least of a rule. */
export const ABOVE_0 = 5e-324;

/**
 * Refuses options that a loss does not have or whose value is not allowed.
 * @returns the values by the names that JSON and command lines have: label_smoothing for labelSmoothing.
 * @throws LF_BAD_PARAMETER, naming the loss.
 */
export function checkOptions(loss: string, options: object, rules: Rules): Record<string, unknown> {
  checkNames(loss, options, Object.keys(rules));
  const params: Record<string, unknown> = {};
  for (const name in rules) {
    const param = name.replace(/[A-Z]/g, "_$&").toLowerCase();
    const [value, ...allowed] = rules[name]!;
    const [low, high = Infinity, none] = allowed as number[];
    const isRange = typeof low === "number";
    const fits = (x: unknown): boolean =>
      isRange ? Number.isFinite(x) && (x as number) >= low && (x as number) <= high : allowed.includes(x);
    const list = [value].flat(none === null ? 1 : 0);
    if (value !== none && !(list.length > 0 && list.every(fits)))
      refuse(
        "LF_BAD_PARAMETER",
        `parameter ${param} of ${loss}`,
        typeof value === "string" ? `"${value}"` : value,
        isRange
          ? `a finite number ${low > 0 ? "above 0" : `from ${low}`}${high < Infinity ? ` to ${high}` : ""}`
          : allowed.join(" or "),
      );
    params[param] = value;
  }
  return params;
}
