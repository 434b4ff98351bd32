/**
 * The losses of `@lossflow/core` as SIMD WebAssembly, with sums that are exact.
 *
 * ```ts
 * import { binaryCrossEntropy, RunningLoss } from "@lossflow/core";
 * import { createKernels } from "@lossflow/kernels";
 *
 * const loss = binaryCrossEntropy({ fromLogits: true });
 * const fold = createKernels().fold(loss);
 * const prediction = Float32Array.of(2, -1, 0.5);
 * const target = Uint8Array.of(1, 0, 1);
 * fold.add({ prediction, target, rows: 3, classes: 1 }, 0);
 *
 * const running = RunningLoss.create({ squares: false });
 * fold.drainInto(running);
 * console.log(RunningLoss.value(running).mean); // 0.3047555609137673
 * ```
 *
 * @module
 */
export { createKernels } from "./create-kernels.ts";
export { isSimdSupported } from "./is-simd-supported.ts";
export { kernelBytes } from "./kernel-bytes.ts";
export { TABLE_BYTES, WORKSPACE_BYTES } from "./kernel-memory.ts";
export type { SharedWorkspace } from "./kernel-memory.ts";
export type { Kernels } from "./kernels.ts";
export type { FoldColumns, FoldOptions, KernelFold } from "./kernel-fold.ts";
export type { Column } from "./column.ts";
export type { BlockCounts } from "./state-record.ts";
