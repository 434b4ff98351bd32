import type { FlatTensor } from "./flat-tensor.ts";
import { refuse, same } from "./refuse.ts";

/** The number of entries that axes of these sizes hold; NaN where one is no whole number from 0. */
export function sizeOfShape(shape: readonly number[]): number {
  return shape.reduce((size, n) => (Number.isInteger(n) && n >= 0 ? size * n : Number.NaN), 1);
}

/** Refuses a shape that the predictions do not fill, or that is no list. @throws LF_SHAPE. */
export function checkShape(shape: readonly number[] | null, length: number): void {
  if (!Array.isArray(shape) || sizeOfShape(shape) !== length)
    refuse("LF_SHAPE", "option shape", shape, `of size ${length}`);
}

/**
 * Refuses a tensor of other axes, where both have several (but for last ones of 1), or of another number of entries.
 * @throws LF_LENGTH_MISMATCH.
 */
export function sameAxes(what: string, [values, axes]: FlatTensor, expected: readonly number[]): void {
  const count = sizeOfShape(expected);
  const [got, wanted] =
    axes.length > 1 && expected.length > 1 && count
      ? [axes, expected].map((shape) => shape.join(" x ").replace(/( x 1)+$/, ""))
      : [values.length, count];
  same("LF_LENGTH_MISMATCH", `number of ${what}s`, got, wanted);
}
