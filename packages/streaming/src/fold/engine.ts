import { LossflowError } from "@lossflow/core";
import { createKernels, isSimdSupported, type Kernels } from "@lossflow/kernels";

/**
 * Whose arithmetic a job runs on, from its first row to its last: core's own JavaScript, or the SIMD WebAssembly of
 * `@lossflow/kernels` for each loss that has a kernel there, and core's for the others.
 */
export type Engine = "js" | "wasm-simd";

/** Gives what an engine computes with, null for core alone. @throws LF_ENGINE_MISSING where it cannot run here. */
export function kernelsOfEngine(engine: Engine): Kernels | null {
  if (engine === "js") return null;
  checkEngine(engine);
  return createKernels();
}

/** @throws LF_ENGINE_MISSING where an engine cannot run here. */
export function checkEngine(engine: Engine): void {
  if (engine === "js" || isSimdSupported()) return;
  throw new LossflowError(
    "LF_ENGINE_MISSING",
    "The engine wasm-simd needs WebAssembly with 128-bit SIMD, which this platform lacks; take the engine js.",
    { expected: "js", got: engine },
  );
}
