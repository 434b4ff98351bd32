import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import type { SourcePrint } from "../checkpoint/checkpoint.ts";
import { fileRefusal } from "./file-reads.node.ts";

const BLOCKS = 64;
const BLOCK_BYTES = 4096;

/**
 * Takes a file's size and the SHA-256 of 64 blocks of 4 KiB spread over it, the first and the last among them: enough
 * to know a file again without reading it. Times and names are left out, since copies have others.
 */
export async function filePrint(path: string, name: string): Promise<SourcePrint> {
  const file = await open(path, "r").catch((cause: unknown) => {
    throw fileRefusal(cause, name);
  });
  try {
    const { size } = await file.stat();
    const hash = createHash("sha256");
    const block = new Uint8Array(BLOCK_BYTES);
    const last = Math.max(0, size - BLOCK_BYTES);
    for (let i = 0; i < BLOCKS; i++) {
      const at = Math.floor((last * i) / (BLOCKS - 1));
      const { bytesRead } = await file.read(block, 0, BLOCK_BYTES, at);
      hash.update(block.subarray(0, bytesRead));
    }
    return { bytes: size, digest: hash.digest("hex") };
  } finally {
    await file.close();
  }
}
