import type { ByteSource } from "./byte-source.ts";

/** Reads a Blob, such as a File that a person chose in a page, piece by piece. */
export function blobBytes(blob: Blob, name: string): ByteSource {
  return {
    name,
    size: blob.size,
    read: async (at, length) => new Uint8Array(await blob.slice(at, at + length).arrayBuffer()),
    close: () => Promise.resolve(),
  };
}
