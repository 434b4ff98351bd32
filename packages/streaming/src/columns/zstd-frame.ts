import { LossflowError } from "@lossflow/core";
import { Decompress } from "fzstd";

/** Bytes of a frame that are copied at a time: it may be as long as a row group. */
const SOME_BYTES = 2 ** 20;

/**
 * Decompresses Zstandard frames into `out`, which they must fill exactly.
 *
 * Blocks are taken one at a time, so a frame that unfolds to more than is due is refused at the first byte too many,
 * and one that ends early is refused too (the one-call form of fzstd does neither).
 * @throws LF_COMPRESSION
 */
export function zstdFrameInto(frame: Uint8Array, out: Uint8Array): void {
  let to = 0;
  const blocks = new Decompress((block) => {
    if (to + block.length > out.length)
      throw damaged(`it holds more than the ${out.length} bytes that are due`);
    out.set(block, to);
    to += block.length;
  });
  try {
    // fzstd keeps views of what it is given and cannot read shared memory.
    let at = 0;
    for (; at + SOME_BYTES < frame.length; at += SOME_BYTES)
      blocks.push(frame.slice(at, at + SOME_BYTES), false);
    blocks.push(frame.slice(at), true);
  } catch (cause) {
    if (cause instanceof LossflowError) throw cause;
    throw damaged(cause instanceof Error ? cause.message : String(cause));
  }
  if (to !== out.length) throw damaged(`it holds ${to} bytes where ${out.length} are due`);
}

function damaged(why: string): LossflowError {
  return new LossflowError("LF_COMPRESSION", `The Zstandard data is damaged: ${why}.`);
}
