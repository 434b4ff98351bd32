import type { Numbers } from "../loss.ts";

/** Copies the numbers from `start` on whose mark in `dropped` is 0. */
export function keptNumbers(values: Numbers, start: number, dropped: Uint8Array): Float64Array {
  const kept = new Float64Array(dropped.length);
  let count = 0;
  for (let k = 0; k < dropped.length; k++) if (dropped[k] === 0) kept[count++] = values[start + k]!;
  return kept.subarray(0, count);
}
