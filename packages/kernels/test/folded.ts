import { RunningLoss, type RunningLossState } from "@lossflow/core";
import { createKernels, type KernelFold, type Kernels } from "../src/index.ts";
import type { CaseColumns } from "./kernel-cases.ts";

export const kernels: Kernels = createKernels();
export const OPTIONS: { readonly squares: false } = { squares: false };

/** The bytes of the running loss that a fold holds. */
export function bytesOf(fold: KernelFold, options: object = OPTIONS): Uint8Array {
  const running = RunningLoss.create(options);
  fold.drainInto(running);
  return RunningLoss.toBytes(running);
}

/** What core makes of the same losses. */
export function expected(
  columns: CaseColumns,
  losses: Float64Array,
  options: object = OPTIONS,
): RunningLossState {
  const running = RunningLoss.create(options);
  RunningLoss.addArray(running, losses.subarray(0, columns.rows), { firstRow: 0 });
  return running;
}
