/**
 * How arrays of doubles are written in fewer bytes, to the last bit: float64 `base`, uint32 count, half a byte for each number, the
 * lower half of a byte first, which says how it is written, the bytes of the numbers, and as many zeros as a reader may look
 * beyond the last of them.
 *
 * 0 is no byte, 1 to 8 so many of the highest bytes of the double, the others being 0; 9 to 11 a whole number of 1 to 3 bytes, and 12
 * to 14 one that is added to `base`; the highest byte first. Counts and rows take 1 to 3 bytes so, sums of few losses 6 to 8 and what
 * lies below them 3 or 4.
 */

const HEAD_BYTES = 12;
const FLOAT = 0;
const WHOLE = 8;
const ABOVE_BASE = 11;
const MOST_KIND = 14;
/** Of one number. */
const MOST_BYTES = 8;
/** Whole numbers below this are written in 3 bytes. */
const END_OF_WHOLE = 2 ** 24;

/** Writes arrays of doubles to memory that the next one takes over. */
export class NumberPacker {
  #bytes: Uint8Array = new Uint8Array(0);

  /** Writes the numbers of all arrays as of one. */
  pack(arrays: readonly Float64Array[]): Uint8Array {
    const count = arrays.reduce((length, { length: more }) => length + more, 0);
    const most = HEAD_BYTES + ((count + 1) >> 1) + MOST_BYTES * (count + 1);
    if (this.#bytes.length < most) this.#bytes = new Uint8Array(most);
    const bytes = this.#bytes;
    const view = new DataView(bytes.buffer);
    const base = baseOf(arrays);
    view.setFloat64(0, base, true);
    view.setUint32(8, count, true);
    let i = 0;
    let at = HEAD_BYTES + ((count + 1) >> 1);
    bytes.fill(0, HEAD_BYTES, at);
    for (const numbers of arrays) {
      const words = new Uint32Array(numbers.buffer, numbers.byteOffset, 2 * numbers.length);
      for (let k = 0; k < numbers.length; k++, i++) {
        const low = words[2 * k]!;
        const high = words[2 * k + 1]!;
        if (high === 0 && low === 0) continue;
        const number = numbers[k]!;
        const above = number - base;
        let kind: number;
        // Neither takes -0, whose sign would be lost.
        if (number > 0 && number < END_OF_WHOLE && number === (number | 0)) {
          const size = bytesIn(number);
          kind = WHOLE + size;
          view.setUint32(at, number << (32 - 8 * size));
          at += size;
        } else if (
          base > 0 &&
          above >= 0 &&
          above < END_OF_WHOLE &&
          // At least as much is the base itself: the difference is exact.
          above === (above | 0)
        ) {
          const size = bytesIn(above);
          kind = ABOVE_BASE + size;
          view.setUint32(at, above << (32 - 8 * size));
          at += size;
        } else {
          view.setUint32(at, high);
          view.setUint32(at + 4, low);
          kind = FLOAT + (low === 0 ? 4 - zeroBytesOf(high) : 8 - zeroBytesOf(low));
          at += kind;
        }
        bytes[HEAD_BYTES + (i >> 1)]! |= kind << ((i & 1) << 2);
      }
    }
    bytes.fill(0, at, at + MOST_BYTES);
    return bytes.subarray(0, at + MOST_BYTES);
  }
}

/** Reads what a {@link NumberPacker} wrote into arrays that the next call takes over. */
export class NumberUnpacker {
  #numbers: Float64Array = new Float64Array(0);

  /** @returns null where the bytes are not what was written */
  unpack(bytes: Uint8Array): Float64Array | null {
    if (bytes.length < HEAD_BYTES) return null;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const base = view.getFloat64(0, true);
    const count = view.getUint32(8, true);
    let at = HEAD_BYTES + ((count + 1) >>> 1);
    const end = bytes.length - MOST_BYTES;
    if (at > end) return null;
    if (this.#numbers.length < count) this.#numbers = new Float64Array(count);
    const numbers = this.#numbers.subarray(0, count);
    const words = new Uint32Array(numbers.buffer, 0, 2 * count);
    for (let i = 0; i < count; i++) {
      const kind = (bytes[HEAD_BYTES + (i >> 1)]! >> ((i & 1) << 2)) & 15;
      if (at > end || kind > MOST_KIND) return null;
      if (kind <= WHOLE) {
        words[2 * i + 1] = kind < 4 ? view.getUint32(at) & HIGHEST_BYTES[kind]! : view.getUint32(at);
        words[2 * i] = kind <= 4 ? 0 : view.getUint32(at + 4) & HIGHEST_BYTES[kind - 4]!;
        at += kind;
      } else {
        const isWhole = kind <= ABOVE_BASE;
        const size = kind - (isWhole ? WHOLE : ABOVE_BASE);
        numbers[i] = (isWhole ? 0 : base) + (view.getUint32(at) >>> (32 - 8 * size));
        at += size;
      }
    }
    const areZeros = view.getUint32(end, true) === 0 && view.getUint32(end + 4, true) === 0;
    const isEven = count % 2 === 0 || bytes[HEAD_BYTES + (count >> 1)]! >> 4 === 0;
    return at === end && areZeros && isEven ? numbers : null;
  }
}

/** The bits of 0 to 4 of the highest bytes of a word. */
const HIGHEST_BYTES = [0, 0xff000000, 0xffff0000, 0xffffff00, 0xffffffff];

/** The least whole number that has more than 3 bytes: rows of a task lie behind its first. */
function baseOf(arrays: readonly Float64Array[]): number {
  let base = Infinity;
  for (const numbers of arrays) {
    for (let i = 0; i < numbers.length; i++) {
      const number = numbers[i]!;
      if (number >= END_OF_WHOLE && number < base && Math.floor(number) === number) base = number;
    }
  }
  return base === Infinity ? 0 : base;
}

/** Of a whole number below 2^24, 1 for 0. */
function bytesIn(number: number): number {
  return number < 2 ** 8 ? 1 : number < 2 ** 16 ? 2 : 3;
}

/** How many of the lowest bytes of a word that is not 0 are 0. */
function zeroBytesOf(word: number): number {
  return (31 - Math.clz32(word & -word)) >> 3;
}
