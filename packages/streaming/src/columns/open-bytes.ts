import { LossflowError } from "@lossflow/core";
import type { ColumnBytes } from "./column.ts";
import { lz4FrameInto } from "./lz4-frame.ts";
import { zstdFrameInto } from "./zstd-frame.ts";

/** No single buffer may unfold to more than this many bytes: a limit against bombs, far above what writers emit. */
const MOST_BYTES = 2 ** 30;

/**
 * Gives the bytes of a buffer, decompressed where they are packed, after checking that they hold what is due.
 *
 * @param least bytes that the rows of the column need.
 * @param most bytes that a packed buffer may unfold to; unbounded up to 1 GiB where not given.
 * @returns a view of at least `least` bytes; it may share memory with `bytes`.
 * @throws LF_COMPRESSION for damaged frames, LF_ARROW_INVALID for buffers that are too short or declare too much.
 */
export function openBytes(bytes: ColumnBytes, least: number, most: number = MOST_BYTES): Uint8Array {
  const open = bytes instanceof Uint8Array ? bytes : unpack(bytes.codec, bytes.packed, least, most);
  if (open.length < least) {
    throw new LossflowError(
      "LF_ARROW_INVALID",
      `A buffer holds ${open.length} bytes where its rows need ${least}.`,
    );
  }
  return open;
}

function unpack(codec: "lz4" | "zstd", packed: Uint8Array, least: number, most: number): Uint8Array {
  if (packed.length === 0) return packed;
  if (packed.length < 8) throw invalid("A compressed buffer is too short to hold its length.");
  const declared = new DataView(packed.buffer, packed.byteOffset, 8).getBigInt64(0, true);
  const frame = packed.subarray(8);
  if (declared === -1n) return frame;
  if (declared < 0n || declared > BigInt(Math.min(most, MOST_BYTES))) {
    throw invalid(`A compressed buffer declares ${declared} bytes, more than its rows can need.`);
  }
  if (declared < BigInt(least))
    throw invalid(`A compressed buffer declares ${declared} bytes where its rows need ${least}.`);
  const out = new Uint8Array(Number(declared));
  if (codec === "lz4") {
    lz4FrameInto(frame, out);
    return out;
  }
  zstdFrameInto(frame, out);
  return out;
}

function invalid(message: string): LossflowError {
  return new LossflowError("LF_ARROW_INVALID", message);
}
