import type { Numbers } from "../loss.ts";
import type { WeighedColumns } from "./arrangement.ts";
import { refuse } from "./refuse.ts";

/** Finds the first number from `i` on that is not inside, or NaN; `count` where there is none. */
export type NextOutside = (i: number, values: Numbers, count: number, low: number, high: number) => number;

/**
 * Refuses the first of `values` outside [low, high], by even the last bit; NaN passes, since a NaN input gives a NaN loss, and
 * so does what weighs nothing, or is `except`.
 * @returns whether all numbers are inside, none NaN or excepted.
 * @throws `code` with `row`, and `column` where a row has several values.
 */
export function checkRange(
  what: "prediction" | "target" | "variance" | "label",
  { [what]: values, rows, classes, width = classes, weight }: WeighedColumns & { readonly label?: Numbers },
  low: number,
  high: number,
  code: `LF_${string}`,
  expected: string,
  nextOutside: NextOutside,
  except: number | null = null,
): boolean {
  const count = rows * classes;
  let isClean = true;
  for (let i = -1; (i = nextOutside(i + 1, values!, count, low, high)) < count; isClean = false) {
    const x = values![i]!;
    if (x === x && x !== except && weight?.[Math.floor(i / classes)] !== 0)
      refuse(code, what, x, expected, i, width);
  }
  return isClean;
}
