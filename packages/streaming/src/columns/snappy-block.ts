import { LossflowError } from "@lossflow/core";

/**
 * Decompresses a Snappy block into `out`, which must be as long in bytes as the block says. `from` may be shared memory.
 * @throws LF_COMPRESSION where the block is damaged or of another length; `out` is then written in part.
 * Source: Snappy's format_description.txt.
 */
export function snappyBlockInto(from: Uint8Array, out: Uint8Array): void {
  let at = 0;
  let to = 0;
  /** Little-endian, so many bytes. */
  const number = (bytes: number): number => {
    if (at + bytes > from.length) throw damaged("a length or an offset is cut");
    let value = 0;
    for (let i = 0; i < bytes; i++) value += from[at++]! * 2 ** (8 * i);
    return value;
  };
  let size = 0;
  for (let unit = 1, byte = 128; byte >= 128; unit *= 128) {
    byte = number(1);
    size += (byte & 127) * unit;
    if (unit > 2 ** 28) throw damaged("it does not say its length");
  }
  if (size !== out.length) throw damaged(`it holds ${size} bytes where ${out.length} are due`);
  while (at < from.length) {
    const tag = from[at++]!;
    if ((tag & 3) === 0) {
      const short = tag >> 2;
      const length = 1 + (short < 60 ? short : number(short - 59));
      if (at + length > from.length || to + length > size) throw damaged("literals run past the end");
      // A view takes longer than a few bytes.
      if (length > 32) out.set(from.subarray(at, at + length), to);
      else for (let i = 0; i < length; i++) out[to + i] = from[at + i]!;
      at += length;
      to += length;
      continue;
    }
    const isNear = (tag & 3) === 1;
    const length = isNear ? 4 + ((tag >> 2) & 7) : 1 + (tag >> 2);
    const back = isNear ? 256 * (tag >> 5) + number(1) : number((tag & 3) === 2 ? 2 : 4);
    if (back === 0 || back > to) throw damaged("a match reaches before the beginning");
    if (to + length > size) throw damaged("a match runs past the end");
    for (const end = to + length; to < end; to++) out[to] = out[to - back]!;
  }
  if (to !== size) throw damaged("it ends too early");
}

function damaged(why: string): LossflowError {
  return new LossflowError("LF_COMPRESSION", `The Snappy data is damaged: ${why}.`);
}
