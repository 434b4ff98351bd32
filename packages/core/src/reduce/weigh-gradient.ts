import type { Batch } from "../input/batch-from-tensors.ts";

/** Turns the units' own derivatives into those of the reduced loss, in place: times weight, over the denominator. */
export function weighGradient(gradient: Float64Array, { weight, divisor, columns }: Batch): void {
  const { classes } = columns;
  for (let u = 0, at = 0; u < columns.rows; u++) {
    const w = weight === null ? 1 : weight[u]!;
    for (let c = 0; c < classes; c++, at++)
      gradient[at] = w === 0 || divisor === 0 ? 0 : (gradient[at]! * w) / divisor;
  }
}
