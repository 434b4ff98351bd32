import type { Batch } from "../input/batch-from-tensors.ts";

/** Multiplies what belongs to each unit (its loss, its derivatives) by the unit's weight over the denominator, in place. */
export function weigh(values: Float64Array, { weight, divisor, columns }: Batch): void {
  const each = values.length / columns.rows;
  for (let u = 0, i = 0; u < columns.rows; u++) {
    const w = weight === null ? 1 : weight[u]!;
    for (let k = 0; k < each; k++, i++) values[i] = w === 0 || divisor === 0 ? 0 : (values[i]! * w) / divisor;
  }
}
