import type { Numbers } from "../loss.ts";

/** Swaps the last two axes: batch x rows x columns becomes batch x columns x rows. */
export function swapAxes(values: Numbers, batch: number, rows: number, columns: number): Float64Array {
  const out = new Float64Array(batch * rows * columns);
  for (let n = 0, at = 0; n < batch; n++) {
    for (let c = 0; c < columns; c++) {
      for (let r = 0; r < rows; r++) out[at++] = values[(n * rows + r) * columns + c]!;
    }
  }
  return out;
}
