import { WASM_BASE64 } from "./wasm.generated.ts";

/**
 * Gives the bytes of the kernels' module: machines whose bytes are the same give the same bits. They belong to the
 * caller.
 */
export function kernelBytes(): Uint8Array<ArrayBuffer> {
  const { Buffer } = globalThis as { Buffer?: Base64Reader };
  // A thread that has just begun takes 20 ms to turn the text into bytes one by one.
  if (Buffer !== undefined) return new Uint8Array(Buffer.from(WASM_BASE64, "base64"));
  return bytesFromBase64(WASM_BASE64);
}

export function bytesFromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
}

/** Node's. */
interface Base64Reader {
  from(text: string, encoding: "base64"): Uint8Array;
}
