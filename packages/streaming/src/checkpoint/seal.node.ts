import { createHash } from "node:crypto";

/** The length of a seal: a SHA-256. */
export const SEAL_BYTES = 32;

export function sealOf(content: Uint8Array): Buffer {
  return createHash("sha256").update(content).digest();
}

/** Seals bytes in place: all but the last {@link SEAL_BYTES} are the content. */
export function seal(bytes: Uint8Array): void {
  const end = bytes.length - SEAL_BYTES;
  bytes.set(sealOf(bytes.subarray(0, end)), end);
}

/** The content of bytes that were sealed; null where they are cut or changed. */
export function contentOf(bytes: Uint8Array): Uint8Array | null {
  const content = bytes.subarray(0, Math.max(0, bytes.length - SEAL_BYTES));
  return sealOf(content).equals(bytes.subarray(content.length)) ? content : null;
}
