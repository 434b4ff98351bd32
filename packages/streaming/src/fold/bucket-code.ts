/**
 * How counts of buckets are written: as a block of bits, the highest of each byte first, zeros up to its end.
 *
 * A block is the place of its lowest bucket (19 bits) and a number g (5 bits), and then, bucket after bucket, its count less 1 and
 * the distance to the next less 1; after the last count nothing follows but zeros, fewer than 8. A number x is written as
 * x + 2^k, without the leading zeros, after as many zeros as it has bits beyond k + 1: 1 bit and k for what is below 2^k,
 * 2 bits more for each doubling (an exponential Golomb code). For distances k is g, which suits their mean; for counts it follows the
 * count before, since those of neighbours are alike. A bucket takes 4 to 6 bits where many are in use.
 */

/** A bucket of core's sketches, counted from the lowest that there is. */
export type BucketPlace = number;

/** The bucket of Infinity: its upper word without the 13 bits that no bucket keeps. */
const MOST_BUCKET = 0x7ff00000 >>> 13;
/** How many places there are. */
export const PLACES: number = 2 * MOST_BUCKET + 1;

export function placeOfBucket(bucket: number): BucketPlace {
  return bucket + MOST_BUCKET;
}

export function bucketOfPlace(place: BucketPlace): number {
  return place - MOST_BUCKET;
}

/** The most bytes that a block of so many buckets takes: 3 in front, and for each 39 bits for its distance and 107 for its count. */
export function mostBytesOf(buckets: number): number {
  return HEAD_BYTES + 19 * buckets;
}

const HEAD_BYTES = 3;
/** More than any g or k that is of use. */
const MOST_K = 19;

/** Writes blocks. */
export class BucketWriter {
  #out: Uint8Array = EMPTY;
  #at = 0;
  /** Those that are not yet in `out`: the `#filled` lowest. */
  #bits = 0;
  #filled = 0;

  /**
   * Writes the first `length` of `places`, at least one, in order, each once; place p counts `counts[p - low]`, a
   * whole number from 1 to 2^53 - 1, which is set to 0.
   * @returns where it ends in `out`
   */
  write(
    out: Uint8Array,
    at: number,
    places: Int32Array,
    length: number,
    counts: Float64Array,
    low: number,
  ): number {
    const first = places[0]!;
    const g = length === 1 ? 0 : kOf(((places[length - 1]! - first) / (length - 1)) | 0);
    out[at] = first >>> 11;
    out[at + 1] = first >>> 3;
    out[at + 2] = (first << 5) | g;
    this.#out = out;
    at += HEAD_BYTES;
    // Nearly all of the time goes here, so bits are kept in variables but for long numbers.
    let bits = 0;
    let filled = 0;
    let before = first;
    let k = 0;
    for (let i = 0; i < length; i++) {
      const place = places[i]!;
      const count = counts[place - low]!;
      counts[place - low] = 0;
      if (i > 0) {
        const y = place - before - 1 + (1 << g);
        const width = 63 - 2 * Math.clz32(y) - g;
        if (width <= MOST_PUT) {
          bits = (bits << width) | y;
          for (filled += width; filled >= 8;) out[at++] = bits >>> (filled -= 8);
        } else {
          at = this.#long(at, bits, filled, place - before - 1, g);
          bits = this.#bits;
          filled = this.#filled;
        }
        before = place;
      }
      const y = count <= MOST_SHORT ? count - 1 + (1 << k) : 0;
      const width = 63 - 2 * Math.clz32(y) - k;
      if (y > 0 && width <= MOST_PUT) {
        bits = (bits << width) | y;
        for (filled += width; filled >= 8;) out[at++] = bits >>> (filled -= 8);
      } else {
        at = this.#long(at, bits, filled, count - 1, k);
        bits = this.#bits;
        filled = this.#filled;
      }
      k = count < 4 ? 0 : kOf(count);
    }
    if (filled > 0) out[at++] = bits << (8 - filled);
    return at;
  }

  /** A number in two parts, since together they might have more bits than a double holds. @returns where whole bytes end */
  #long(at: number, bits: number, filled: number, x: number, k: number): number {
    this.#at = at;
    this.#bits = bits;
    this.#filled = filled;
    const upper = Math.floor(x / 2 ** k) + 1;
    const width = bitsIn(upper);
    for (let zeros = width - 1; zeros > 0; zeros -= MOST_PUT) this.#put(0, Math.min(zeros, MOST_PUT));
    for (let left = width; left > 0;) {
      const some = Math.min(left, MOST_PUT);
      left -= some;
      this.#put(Math.floor(upper / 2 ** left) % 2 ** some, some);
    }
    this.#put(x % 2 ** k, k);
    return this.#at;
  }

  /** Writes the `width` lowest bits of a number that has no others. */
  #put(value: number, width: number): void {
    this.#bits = (this.#bits << width) | value;
    for (this.#filled += width; this.#filled >= 8;) {
      this.#filled -= 8;
      this.#out[this.#at++] = this.#bits >>> this.#filled;
    }
  }
}

/** With those that wait, fewer than 8, these are below 32. */
const MOST_PUT = 24;
const MOST_SHORT = 2 ** 30;

/** Goes through the buckets of a block. */
export class BucketCursor {
  place: BucketPlace = 0;
  count = 0;
  /** Whether the bytes were no block that {@link BucketWriter} could have written; it ended there. */
  isDamaged = false;
  #bytes: Uint8Array = EMPTY;
  #start = 0;
  /** In bits after `#start`. */
  #at = 0;
  #end = 0;
  #g = 0;
  #k = 0;
  #next = 0;
  #hasNext = false;

  /** Goes before the first bucket of the block in `bytes[start .. end)`. */
  open(bytes: Uint8Array, start: number, end: number): void {
    this.#bytes = bytes;
    this.#start = start;
    this.#at = 8 * HEAD_BYTES;
    this.#end = 8 * (end - start);
    const head = (bytes[start]! << 16) | (bytes[start + 1]! << 8) | bytes[start + 2]!;
    this.#next = head >>> 5;
    this.#g = head & 31;
    this.#k = 0;
    this.#hasNext = this.#end > this.#at && this.#g <= MOST_K && this.#next < PLACES;
    this.isDamaged = !this.#hasNext;
  }

  /** Goes to the next bucket. @returns whether there is one. */
  next(): boolean {
    if (!this.#hasNext) return false;
    const place = this.#next;
    this.place = place;
    const bits = this.#window();
    const k = this.#k;
    const g = this.#g;
    const width = 2 * Math.clz32(bits) + 1 + k;
    if (width < SURE_BITS) {
      const count = 1 + (bits >>> (32 - width)) - (1 << k);
      const rest = bits << width;
      const more = 2 * Math.clz32(rest) + 1 + g;
      if (width + more <= SURE_BITS) {
        this.count = count;
        this.#k = count < 4 ? 0 : kOf(count);
        this.#at += width + more;
        this.#next = place + 1 + (rest >>> (32 - more)) - (1 << g);
        if (this.#at < this.#end && this.#next < PLACES) return true;
        return this.#damage();
      }
    }
    return this.#nextLong();
  }

  /** The same, where 25 bits do not hold both numbers, or the block ends. */
  #nextLong(): boolean {
    const count = 1 + this.#number(this.#k);
    this.count = count;
    this.#k = kOf(count);
    if (this.#at > this.#end || count > Number.MAX_SAFE_INTEGER) return this.#damage();
    if (this.#window() === 0 && this.#end - this.#at < 8) this.#hasNext = false;
    else {
      this.#next = this.place + 1 + this.#number(this.#g);
      if (this.#at >= this.#end || this.#next >= PLACES) return this.#damage();
    }
    return true;
  }

  #damage(): false {
    this.#hasNext = false;
    this.isDamaged = true;
    return false;
  }

  /** The next 25 bits at least, from the highest on, zeros after the end. */
  #window(): number {
    const bytes = this.#bytes;
    const at = this.#start + (this.#at >>> 3);
    const bits =
      ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) <<
      (this.#at & 7);
    const left = this.#end - this.#at;
    return left >= 32 ? bits : left > 0 ? bits & ~(-1 >>> left) : 0;
  }

  #number(k: number): number {
    const bits = this.#window();
    const width = 2 * Math.clz32(bits) + 1 + k;
    if (width > SURE_BITS) return this.#long(k);
    this.#at += width;
    return (bits >>> (32 - width)) - (1 << k);
  }

  /** One that the block ends in leaves the cursor behind its end. */
  #long(k: number): number {
    let zeros = 0;
    while (this.#at < this.#end && this.#bit() === 0) zeros++;
    if (this.#at + zeros + k > this.#end || zeros > MOST_ZEROS) this.#at = this.#end + 1;
    const upper = this.#bits(1, zeros);
    return (upper - 1) * 2 ** k + this.#bits(0, k);
  }

  /** Behind `number` come the next bits. */
  #bits(number: number, width: number): number {
    for (let i = 0; i < width; i++) number = 2 * number + this.#bit();
    return number;
  }

  #bit(): number {
    const bit = (this.#bytes[this.#start + (this.#at >>> 3)]! >>> (7 - (this.#at & 7))) & 1;
    this.#at++;
    return bit;
  }
}

const SURE_BITS = 25;
/** Of a count below 2^53. */
const MOST_ZEROS = 52;
const EMPTY = new Uint8Array(0);

/** The k that suits numbers of about this mean, at least 1. */
function kOf(mean: number): number {
  return mean < 4 ? 0 : mean < 2 ** (MOST_K + 1) ? 30 - Math.clz32(mean) : MOST_K;
}

/** How many bits a whole number from 1 to 2^53 has. */
function bitsIn(x: number): number {
  return x < 2 ** 32 ? 32 - Math.clz32(x) : 64 - Math.clz32(x / 2 ** 32);
}
