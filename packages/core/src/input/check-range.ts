import type { Numbers } from "../loss.ts";
import type { WeighedColumns } from "./arrangement.ts";
import { refuse } from "./refuse.ts";

/**
 * Refuses the first of `values` outside [low, high], by even the last bit, or not a whole number of steps from low; NaN
 * passes, since a NaN input gives a NaN loss, and so does what weighs nothing.
 * @returns whether all numbers are inside, none NaN or excepted.
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
): boolean {
  const density = step && 1 / step;
  const count = rows * classes;
  const first = outsideFrom(0, values, count, low, high, density);
  for (let i = first; i < count; i = outsideFrom(i + 1, values, count, low, high, density)) {
    const x = values[i]!;
    if (x === x && x !== except && weight?.[Math.floor(i / classes)] !== 0)
      refuse(code, what, x, expected, i, width);
  }
  return first === count;
}

/** The next that is not inside, or NaN; `count` where there is none. A loop with more in it takes twice the time. */
function outsideFrom(
  i: number,
  values: Numbers,
  count: number,
  low: number,
  high: number,
  density: number,
): number {
  if (density === 0) while (i < count && values[i]! >= low && values[i]! <= high) i++;
  else
    for (; i < count; i++) {
      const x = values[i]!;
      const steps = (x - low) * density;
      if (!(x >= low && x <= high && steps === Math.floor(steps))) break;
    }
  return i;
}
