import type { ByteSource } from "./byte-source.ts";

/** Reads bytes that are in memory already; views, no copies. Memory that was given to another thread holds none any more. */
export function memoryBytes(bytes: Uint8Array | ArrayBuffer, name: string): ByteSource {
  return {
    name,
    size: bytes.byteLength,
    read(at, length) {
      if (bytes.byteLength === 0) return Promise.resolve(new Uint8Array(0));
      const view = bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes);
      return Promise.resolve(view.subarray(at, at + length));
    },
    close: () => Promise.resolve(),
  };
}
