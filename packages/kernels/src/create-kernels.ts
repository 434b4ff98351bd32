import { KernelMemory, type SharedWorkspace } from "./kernel-memory.ts";
import { Kernels } from "./kernels.ts";

/**
 * Compiles the kernels, in a few milliseconds and without waiting.
 *
 * Without `given` they work in a memory of their own and copy columns into pages of it that they grow; pages that you grow are
 * yours ({@link Kernels.memory}). With it they work on columns that stand in the host's memory, shared between threads or not:
 * each thread makes its own over a workspace of its own.
 * @throws WebAssembly.CompileError where {@link isSimdSupported} is false; LF_KERNEL_WORKSPACE.
 */
export function createKernels(given?: SharedWorkspace | null): Kernels {
  return new Kernels(new KernelMemory(given));
}
