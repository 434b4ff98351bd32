import { WASM_BASE64 } from "./wasm.generated.ts";

/**
 * Gives the bytes of the kernels' module: machines whose bytes are the same give the same bits. They belong to the
 * caller.
 */
export function kernelBytes(): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(WASM_BASE64), (c) => c.charCodeAt(0));
}
