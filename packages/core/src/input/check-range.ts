import type { LossColumns, Numbers } from "../loss.ts";
import { placeOf, refuse } from "./refuse.ts";

/**
 * Refuses the first of `values` outside [low, high]; NaN passes, since a NaN input gives a NaN loss.
 * @throws `code` with `row`, and `column` where a row has several values.
 */
export function checkRange(
  values: Numbers,
  { rows, classes, width = classes }: Pick<LossColumns, "rows" | "classes" | "width">,
  low: number,
  high: number,
  code: `LF_${string}`,
  what: string,
  expected: string,
): void {
  const count = rows * classes;
  for (let i = 0; i < count; i++) {
    const x = values[i]!;
    if (x < low || x > high) refuse(code, what, x, expected, placeOf(i, width));
  }
}
