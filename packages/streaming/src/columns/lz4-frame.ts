import { LossflowError } from "@lossflow/core";
import { xxHash32 } from "./xx-hash32.ts";

const MAGIC = 0x184d2204;

/**
 * Decompresses one LZ4 frame into `out`, which it must fill exactly.
 *
 * Every length, offset and checksum is checked before it is used, so damaged input ends in a refusal and never in
 * bytes of the wrong place. Frames with a dictionary id are refused: Arrow writes none.
 * @throws LF_COMPRESSION
 * Source: LZ4 frame format 1.6.4 and block format, github.com/lz4/lz4/tree/dev/doc.
 */
export function lz4FrameInto(frame: Uint8Array, out: Uint8Array): void {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  if (frame.length < 11 || view.getUint32(0, true) !== MAGIC)
    throw damaged("it does not begin with the LZ4 magic");
  const flags = frame[4]!;
  if (flags >> 6 !== 1) throw damaged(`its version is ${flags >> 6}, not 1`);
  if ((flags & 0x03) !== 0) throw damaged("it uses a dictionary or a reserved flag");
  const blockSums = (flags & 0x10) !== 0;
  const contentSize = (flags & 0x08) !== 0;
  const contentSum = (flags & 0x04) !== 0;
  const headerEnd = 6 + (contentSize ? 8 : 0);
  if (frame.length < headerEnd + 1) throw damaged("its header is cut");
  if (((xxHash32(frame.subarray(4, headerEnd)) >>> 8) & 0xff) !== frame[headerEnd]) {
    throw damaged("its header checksum disagrees");
  }
  if (contentSize && view.getBigUint64(6, true) !== BigInt(out.length)) {
    throw damaged(`it declares ${view.getBigUint64(6, true)} bytes where ${out.length} are due`);
  }

  let at = headerEnd + 1;
  let to = 0;
  for (;;) {
    if (at + 4 > frame.length) throw damaged("it has no end mark");
    const word = view.getUint32(at, true);
    at += 4;
    if (word === 0) break;
    const size = word & 0x7fffffff;
    const end = at + size;
    if (end + (blockSums ? 4 : 0) > frame.length) throw damaged("a block runs past its end");
    if (word >>> 31 === 1) {
      if (to + size > out.length) throw damaged("it holds more than it declares");
      out.set(frame.subarray(at, end), to);
      to += size;
    } else {
      to = lz4BlockInto(frame, at, end, out, to);
    }
    if (blockSums && xxHash32(frame.subarray(at, end)) !== view.getUint32(end, true)) {
      throw damaged("a block checksum disagrees");
    }
    at = end + (blockSums ? 4 : 0);
  }
  if (to !== out.length) throw damaged(`it holds ${to} bytes where ${out.length} are due`);
  if (contentSum) {
    if (at + 4 > frame.length) throw damaged("its checksum is cut");
    if (xxHash32(out) !== view.getUint32(at, true)) throw damaged("its checksum disagrees");
  }
}

/**
 * Decompresses the block from[start .. end) into `out` from `to` on, and gives the position behind it. Matches may reach
 * back into what stands before `to`.
 * @throws LF_COMPRESSION
 */
export function lz4BlockInto(
  from: Uint8Array,
  start: number,
  end: number,
  out: Uint8Array,
  to: number,
): number {
  let at = start;
  while (at < end) {
    const token = from[at++]!;
    let literals = token >> 4;
    if (literals === 15) {
      let more: number;
      do {
        if (at >= end) throw damaged("a length runs past its block");
        more = from[at++]!;
        literals += more;
      } while (more === 255);
    }
    if (at + literals > end || to + literals > out.length) throw damaged("literals run past the end");
    for (let i = 0; i < literals; i++) out[to++] = from[at++]!;
    if (at === end) return to;

    if (at + 2 > end) throw damaged("an offset is cut");
    const back = from[at]! | (from[at + 1]! << 8);
    at += 2;
    if (back === 0 || back > to) throw damaged("a match reaches before the beginning");
    let length = token & 15;
    if (length === 15) {
      let more: number;
      do {
        if (at >= end) throw damaged("a length runs past its block");
        more = from[at++]!;
        length += more;
      } while (more === 255);
    }
    length += 4;
    if (to + length > out.length) throw damaged("a match runs past the end");
    let source = to - back;
    if (back >= length) {
      out.copyWithin(to, source, source + length);
      to += length;
    } else {
      for (let i = 0; i < length; i++) out[to++] = out[source++]!;
    }
  }
  return to;
}

function damaged(why: string): LossflowError {
  return new LossflowError("LF_COMPRESSION", `The LZ4 data is damaged: ${why}.`);
}
