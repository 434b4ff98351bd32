import type { Engine } from "../src/fold/engine.ts";

/** The engines that each law holds for. */
export const ENGINES: readonly Engine[] = ["js", "wasm-simd"];
