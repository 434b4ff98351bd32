import { invalidParquet } from "./parquet-refusal.ts";

/**
 * Decodes `count` numbers of `width` bits from the hybrid of runs and bit-packed groups. Runs that reach beyond `count`
 * are cut there; bits that are not there are refused.
 * @throws LF_PARQUET_INVALID
 * Source: Parquet format, Encodings.md, "RLE/Bit-Packing Hybrid".
 */
export function numbersFromHybrid(bytes: Uint8Array, width: number, count: number): Int32Array {
  if (width > 32) throw invalidParquet(`numbers of ${width} bits stand where 32 are the most`);
  const out = new Int32Array(count);
  if (width === 0) return out;
  const bytesOfRun = (width + 7) >> 3;
  let at = 0;
  let filled = 0;
  while (filled < count) {
    let header = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      if (byte === undefined || shift > 28) throw invalidParquet("a run has no header");
      header += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) break;
    }
    if (header % 2 === 0) {
      let value = 0;
      for (let i = 0; i < bytesOfRun; i++) {
        const byte = bytes[at++];
        if (byte === undefined) throw invalidParquet("a run has no value");
        value |= byte << (8 * i);
      }
      const end = Math.min(count, filled + header / 2);
      // A run of nothing moves nothing on; the header's byte does.
      out.fill(value, filled, end);
      filled = end;
    } else {
      const values = Math.min(count - filled, ((header - 1) / 2) * 8);
      unpackBits(bytes, at, width, out, filled, values);
      filled += values;
      at += ((header - 1) / 2) * width;
    }
  }
  return out;
}

/** Unpacks numbers of `width` bits, least significant bit first. */
function unpackBits(
  bytes: Uint8Array,
  at: number,
  width: number,
  out: Int32Array,
  to: number,
  count: number,
): void {
  if (at + Math.ceil((count * width) / 8) > bytes.length)
    throw invalidParquet("bit-packed values end too early");
  const mask = width === 32 ? -1 : (1 << width) - 1;
  let bit = 8 * at;
  for (let i = 0; i < count; i++, bit += width) {
    const first = bit >> 3;
    const shift = bit & 7;
    let value = bytes[first]! >>> shift;
    for (let have = 8 - shift, next = first + 1; have < width; have += 8, next++)
      value |= bytes[next]! << have;
    out[to + i] = value & mask;
  }
}
