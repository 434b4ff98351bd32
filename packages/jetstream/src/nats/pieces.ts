/** A message below 1 MiB, the least `max_payload` in use, with room for its headers: servers need no other configuration. */
const PIECE_BYTES = 960 * 1024;

/** Cuts bytes into views that fit a message each; there is at least one, perhaps empty. */
export function piecesOf(bytes: Uint8Array): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at === 0 || at < bytes.length; at += PIECE_BYTES) {
    pieces.push(bytes.subarray(at, Math.min(at + PIECE_BYTES, bytes.length)));
  }
  return pieces;
}
