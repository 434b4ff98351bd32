/**
 * The kernels for machines without 128-bit vectors: each operation on vectors is one on each of their lanes, in the same
 * order, so that all figures have the bits of the SIMD kernels.
 *
 * @module
 */
import { KernelMemory, type SharedWorkspace } from "./kernel-memory.ts";
import { Kernels } from "./kernels.ts";
import { SCALAR_WASM_BASE64 } from "./scalar-wasm.generated.ts";
import { bytesFromBase64 } from "./kernel-bytes.ts";

/**
 * Compiles the kernels without vectors; as createKernels in all else, and with the same figures to the last bit.
 * @throws LF_KERNEL_WORKSPACE.
 */
export function createScalarKernels(given?: SharedWorkspace | null): Kernels {
  return new Kernels(new KernelMemory(given, bytesFromBase64(SCALAR_WASM_BASE64)));
}
