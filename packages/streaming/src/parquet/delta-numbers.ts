import { invalidParquet } from "./parquet-refusal.ts";

/** Integers and the position behind them. */
export interface DeltaNumbers {
  readonly values: Int32Array | BigInt64Array;
  readonly end: number;
}

/**
 * Decodes `count` integers of DELTA_BINARY_PACKED, arithmetic modulo 2^32 or 2^64.
 * @throws LF_PARQUET_INVALID where the header says what cannot be, or bits are missing.
 * Source: Parquet format, Encodings.md, "Delta Encoding".
 */
export function numbersFromDeltas(bytes: Uint8Array, at: number, count: number, wide: boolean): DeltaNumbers {
  let position = at;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[position++];
      if (byte === undefined) break;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw invalidParquet("a delta block has no header");
  };
  const zigzag = (): bigint => {
    const value = varint();
    return (value >> 1n) ^ -(value & 1n);
  };
  const blockSize = Number(varint());
  const miniblocks = Number(varint());
  const total = Number(varint());
  const first = zigzag();
  const perMiniblock = blockSize / miniblocks;
  if (
    !(
      miniblocks > 0 &&
      blockSize % 128 === 0 &&
      perMiniblock % 32 === 0 &&
      perMiniblock > 0 &&
      miniblocks <= bytes.length
    )
  ) {
    throw invalidParquet(`a delta block has ${blockSize} values in ${miniblocks} parts`);
  }
  if (total !== count) throw invalidParquet(`a page has ${total} delta values where ${count} are due`);
  const wide64 = wide ? new BigInt64Array(count) : null;
  const narrow = wide ? null : new Int32Array(count);
  const values = wide64 ?? narrow!;
  if (count === 0) return { values, end: position };

  let last = first;
  let lastNarrow = Number(BigInt.asIntN(32, first));
  if (wide64 === null) narrow![0] = lastNarrow;
  else wide64[0] = last;
  for (let i = 1; i < count;) {
    const least = zigzag();
    const leastNarrow = Number(BigInt.asIntN(32, least));
    const widths = bytes.subarray(position, position + miniblocks);
    position += miniblocks;
    for (let part = 0; part < miniblocks && i < count; part++) {
      const width = widths[part];
      if (width === undefined || width > 64)
        throw invalidParquet("a delta block has values of more than 64 bits");
      const size = (perMiniblock * width) / 8;
      if (position + size > bytes.length) throw invalidParquet("a delta block ends too early");
      const end = Math.min(count, i + perMiniblock);
      let bit = 8 * position;
      for (; i < end; i++, bit += width) {
        const delta = width === 0 ? 0 : bitsAt(bytes, bit, width);
        if (wide64 === null) {
          lastNarrow = (lastNarrow + leastNarrow + Number(delta)) | 0;
          narrow![i] = lastNarrow;
        } else {
          last = BigInt.asIntN(64, last + least + BigInt(delta));
          wide64[i] = last;
        }
      }
      position += size;
    }
  }
  return { values, end: position };
}

/** `width` bits at bit `at`, least significant first: a number where it is exact, else a bigint. */
function bitsAt(bytes: Uint8Array, at: number, width: number): number | bigint {
  let position = at >> 3;
  const skip = at & 7;
  // With the bits above it in its last byte a number of 46 bits fits a double, wherever it begins.
  if (width <= 46) {
    let value = Math.floor(bytes[position]! / 2 ** skip);
    for (let have = 8 - skip; have < width; have += 8) value += bytes[++position]! * 2 ** have;
    return value % 2 ** width;
  }
  let value = BigInt(bytes[position]! >> skip);
  for (let have = 8 - skip; have < width; have += 8) value |= BigInt(bytes[++position]!) << BigInt(have);
  return BigInt.asUintN(width, value);
}
