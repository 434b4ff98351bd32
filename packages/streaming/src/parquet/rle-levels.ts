import { OWN_ROOM, type RowRoom } from "../columns/row-room.ts";
import { invalidParquet } from "./parquet-refusal.ts";

/**
 * Decodes `count` numbers of `width` bits from the hybrid of runs and bit-packed groups.
 * @throws LF_PARQUET_INVALID as {@link HybridReader}
 */
export function numbersFromHybrid(bytes: Uint8Array, width: number, count: number): Int32Array {
  return new HybridReader(bytes, width).take(count);
}

/**
 * Decodes numbers of `width` bits from the hybrid of runs and bit-packed groups, some at a time. Runs that reach beyond
 * what is taken are cut there; bits that are not there are refused.
 * @throws LF_PARQUET_INVALID
 * Source: Parquet format, Encodings.md, "RLE/Bit-Packing Hybrid".
 */
export class HybridReader {
  readonly #bytes: Uint8Array;
  readonly #width: number;
  #at = 0;
  /** Numbers that are left of the run or group. */
  #left = 0;
  /** Where the next number of a group begins; -1 in a run. */
  #bit = -1;
  #value = 0;

  constructor(bytes: Uint8Array, width: number) {
    if (width > 32) throw invalidParquet(`numbers of ${width} bits stand where 32 are the most`);
    this.#bytes = bytes;
    this.#width = width;
  }

  take(count: number, room: RowRoom = OWN_ROOM): Int32Array {
    const out = room.ints(count);
    if (this.#width === 0) return out;
    for (let filled = 0; filled < count;) {
      // A run of nothing moves nothing on; its header's bytes do.
      if (this.#left === 0) this.#open();
      const some = Math.min(count - filled, this.#left);
      if (this.#bit === -1) out.fill(this.#value, filled, filled + some);
      else this.#unpack(out, filled, some);
      this.#left -= some;
      filled += some;
    }
    return out;
  }

  #open(): void {
    let header = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined || shift > 28) throw invalidParquet("a run has no header");
      header += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) break;
    }
    if (header % 2 === 1) {
      const groups = (header - 1) / 2;
      this.#left = 8 * groups;
      this.#bit = 8 * this.#at;
      this.#at += groups * this.#width;
      return;
    }
    this.#left = header / 2;
    this.#bit = -1;
    this.#value = 0;
    for (let i = 0; i < (this.#width + 7) >> 3; i++) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw invalidParquet("a run has no value");
      this.#value |= byte << (8 * i);
    }
  }

  /** Unpacks numbers of `width` bits, least significant bit first. */
  #unpack(out: Int32Array, to: number, count: number): void {
    const bytes = this.#bytes;
    const width = this.#width;
    const end = this.#bit + count * width;
    if (Math.ceil(end / 8) > bytes.length) throw invalidParquet("bit-packed values end too early");
    const mask = width === 32 ? -1 : (1 << width) - 1;
    // Positions in bits may have more than 32 bits themselves.
    let first = Math.floor(this.#bit / 8);
    let shift = this.#bit % 8;
    for (let i = 0; i < count; i++) {
      let value = bytes[first]! >>> shift;
      for (let have = 8 - shift, next = first + 1; have < width; have += 8, next++)
        value |= bytes[next]! << have;
      out[to + i] = value & mask;
      shift += width;
      first += shift >> 3;
      shift &= 7;
    }
    this.#bit = end;
  }
}
