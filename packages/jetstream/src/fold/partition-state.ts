import { createHash } from "node:crypto";
import { LossflowError } from "@lossflow/core";
import { ChunkSet } from "../log/chunk-set.ts";

/** What a partition has come to: how far its log was read, which chunks the state holds, and the state. */
export interface PartitionState {
  /** Everything up to this position has been read. */
  readonly position: number;
  readonly chunks: ChunkSet;
  /** The running state, as the engine writes it; empty before the first chunk. */
  readonly state: Uint8Array;
}

const MAGIC = 0x5350464c;
const VERSION = 1;
const HEADER = 16;
const SEAL = 32;

/**
 * Writes position, chunks and state as one value, so that they can only be saved together: little-endian "LFPS",
 * version, length of the JSON `[position, ...chunk ranges]`, length of the state, both, and their SHA-256.
 */
export function bytesFromPartition({ position, chunks, state }: PartitionState): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(JSON.stringify([position, ...chunks.toRanges()]));
  const bytes = new Uint8Array(HEADER + text.length + state.length + SEAL);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, VERSION, true);
  view.setUint32(8, text.length, true);
  view.setUint32(12, state.length, true);
  bytes.set(text, HEADER);
  bytes.set(state, HEADER + text.length);
  bytes.set(sealOf(bytes.subarray(0, bytes.length - SEAL)), bytes.length - SEAL);
  return bytes;
}

/** Reads what {@link bytesFromPartition} wrote. @throws LF_STATE_UNKNOWN, LF_STATE_VERSION, LF_STATE_DAMAGED */
export function partitionFromBytes(bytes: Uint8Array): PartitionState {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEADER + SEAL || view.getUint32(0, true) !== MAGIC) {
    throw new LossflowError("LF_STATE_UNKNOWN", "These bytes are no checkpoint of a partition.");
  }
  const version = view.getUint32(4, true);
  if (version !== VERSION) {
    throw new LossflowError(
      "LF_STATE_VERSION",
      `This checkpoint of a partition has version ${version}, and ${VERSION} is understood.`,
    );
  }
  const textEnd = HEADER + view.getUint32(8, true);
  const end = textEnd + view.getUint32(12, true);
  const seal = bytes.subarray(bytes.length - SEAL);
  if (end + SEAL !== bytes.length || !sealOf(bytes.subarray(0, end)).every((byte, i) => byte === seal[i])) {
    throw new LossflowError("LF_STATE_DAMAGED", "A checkpoint of a partition is cut or changed.");
  }
  const numbers = JSON.parse(new TextDecoder().decode(bytes.subarray(HEADER, textEnd))) as number[];
  const [position = 0, ...ranges] = numbers;
  return { position, chunks: ChunkSet.fromRanges(ranges), state: bytes.slice(textEnd, end) };
}

function sealOf(bytes: Uint8Array): Uint8Array {
  return createHash("sha256").update(bytes).digest();
}
