import type { NatsConnection } from "@nats-io/transport-node";

/** A message below 1 MiB, what servers take unless they are told otherwise, with room for its headers. */
const PIECE_BYTES = 960 * 1024;
const HEADER_BYTES = 4096;
/** A server that takes less refuses its own requests. */
const LEAST_BYTES = 1024;

/** How long a piece may be for the server that a connection is at: its `max_payload` counts headers. */
export function pieceBytes(connection: Pick<NatsConnection, "info">): number {
  const most = connection.info?.max_payload ?? Infinity;
  return Math.max(LEAST_BYTES, Math.min(PIECE_BYTES, most - HEADER_BYTES));
}

/** Cuts bytes into views of `most` bytes that fit a message each; there is at least one, perhaps empty. */
export function piecesOf(bytes: Uint8Array, most: number): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at === 0 || at < bytes.length; at += most) {
    pieces.push(bytes.subarray(at, Math.min(at + most, bytes.length)));
  }
  return pieces;
}
