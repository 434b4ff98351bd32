import type { Numbers } from "../loss.ts";

/** Moves the class axis from after the batch to the end: N x C x D becomes N x D x C. */
export function classesLast(values: Numbers, batch: number, classes: number, inner: number): Float64Array {
  return swapped(values, batch, classes, inner);
}

/** Moves the class axis back: N x D x C becomes N x C x D. */
export function classesFirst(values: Numbers, batch: number, classes: number, inner: number): Float64Array {
  return swapped(values, batch, inner, classes);
}

function swapped(values: Numbers, batch: number, rows: number, columns: number): Float64Array {
  const out = new Float64Array(batch * rows * columns);
  for (let n = 0, at = 0; n < batch; n++) {
    for (let c = 0; c < columns; c++) {
      for (let r = 0; r < rows; r++) out[at++] = values[(n * rows + r) * columns + c]!;
    }
  }
  return out;
}
