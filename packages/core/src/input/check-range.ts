import type { Numbers } from "../loss.ts";
import type { WeighedColumns } from "./arrangement.ts";
import { refuse } from "./refuse.ts";

/**
 * Refuses the first of `values` outside [low, high], by even the last bit, or not a whole number of steps from low; NaN
 * passes, since a NaN input gives a NaN loss, and so does what weighs nothing.
 * @throws `code` with `row`, and `column` where a row has several values.
 */
export function checkRange(
  values: Numbers,
  { rows, classes, width = classes, weight }: Omit<WeighedColumns, "prediction" | "target">,
  low: number,
  high: number,
  code: `LF_${string}`,
  what: string,
  expected: string,
  step: number = 0,
  except: number | null = null,
): void {
  const density = step && 1 / step;
  const count = rows * classes;
  for (let i = 0; i < count; i++) {
    const x = values[i]!;
    const steps = (x - low) * density;
    if (
      (x < low || x > high || steps > Math.floor(steps)) &&
      x !== except &&
      weight?.[Math.floor(i / classes)] !== 0
    )
      refuse(code, what, x, expected, i, width);
  }
}
