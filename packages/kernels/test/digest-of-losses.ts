import { classesOf, columnsFor, lossOf, type KernelCase } from "./kernel-cases.ts";
import type { Kernels } from "../src/index.ts";

/** A hash (FNV-1a) of the bits of a kernel's losses over data of all spreads; any NaN counts as the same. */
export function digestOfLosses(kernels: Kernels, kernelCase: KernelCase): string {
  const loss = lossOf(kernelCase);
  const [rows, classes] = loss.unit === "row" ? [600, classesOf(kernelCase, 11)] : [3001, 1];
  const out = new Float64Array(rows);
  let hash = 0x811c9dc5;
  for (const spread of ["near", "wide", "extreme"] as const) {
    for (const type of [Float32Array, Float64Array]) {
      kernels.unreduced(loss, columnsFor(loss, type, spread, rows, classes, 20), out);
      for (let i = 0; i < rows; i++) if (Number.isNaN(out[i])) out[i] = 0.1234;
      for (const byte of new Uint8Array(out.buffer)) hash = Math.imul(hash ^ byte, 0x01000193);
    }
  }
  return (hash >>> 0).toString(16).padStart(8, "0");
}
