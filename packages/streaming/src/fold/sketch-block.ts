import { LossflowError } from "@lossflow/core";

/** The bucket of Infinity: its upper word without the 13 bits that no bucket keeps. */
const MOST_BUCKET = 0x7ff00000 >>> 13;
/** Below all buckets. */
const BELOW = -MOST_BUCKET - 1;

/**
 * Takes the counts of one cell's buckets, in any order, and writes them as a block: for each bucket in use, lowest first, its
 * distance from the one before (the first from just below the lowest there is), times 2, plus 1 where its count is above 1, and then
 * the count less 1; numbers in groups of 7 bits, the lowest first, each but the last plus 128. Most take two bytes.
 */
export class SketchBlock {
  /** By bucket; 0 where none is taken. */
  readonly #counts: Float64Array = new Float64Array(2 * MOST_BUCKET + 1);
  #buckets: Int32Array = new Int32Array(64);
  #length = 0;
  /** Bits of buckets, and of the words of those that are not 0; all 0 between two sorts. */
  readonly #bits: Int32Array = new Int32Array((2 * MOST_BUCKET + 32) >> 5);
  readonly #bitsOfWords: Int32Array = new Int32Array((this.#bits.length + 31) >> 5);

  /** The most bytes that what was taken is written in. */
  get mostBytes(): number {
    return MOST_BUCKET_BYTES * this.#length;
  }

  /** @throws LF_COUNT where the bucket would count beyond 2^53 - 1; all that was taken is forgotten. */
  add(bucket: number, count: number): void {
    const before = this.#counts[bucket + MOST_BUCKET]!;
    const after = before + count;
    if (after > Number.MAX_SAFE_INTEGER) this.#refuse(after);
    this.#counts[bucket + MOST_BUCKET] = after;
    if (before !== 0) return;
    if (this.#length === this.#buckets.length) {
      const buckets = new Int32Array(2 * this.#length);
      buckets.set(this.#buckets);
      this.#buckets = buckets;
    }
    this.#buckets[this.#length++] = bucket;
  }

  /** Adds what the block in `bytes[at .. end)` holds, which must be one. @throws LF_COUNT as {@link SketchBlock.add}. */
  addBlock(bytes: Uint8Array, at: number, end: number): void {
    let bucket = BELOW;
    while (at < end) {
      let byte = bytes[at++]!;
      let step = byte & 127;
      for (let shift = 7; byte >= 128; shift += 7) {
        byte = bytes[at++]!;
        step |= (byte & 127) << shift;
      }
      bucket += step >> 1;
      let count = 1;
      if ((step & 1) === 1) {
        byte = bytes[at++]!;
        count += byte & 127;
        // Counts may have more than 32 bits.
        for (let unit = 128; byte >= 128; unit *= 128) {
          byte = bytes[at++]!;
          count += (byte & 127) * unit;
        }
      }
      this.add(bucket, count);
    }
  }

  /** Writes all that was taken, and forgets it. @returns where it ends: at most as long as the blocks that it was added from. */
  write(out: Uint8Array, at: number): number {
    this.#sort();
    let last = BELOW;
    for (let i = 0; i < this.#length; i++) {
      const bucket = this.#buckets[i]!;
      const count = this.#counts[bucket + MOST_BUCKET]!;
      at = writeBucket(out, at, bucket - last, count);
      this.#counts[bucket + MOST_BUCKET] = 0;
      last = bucket;
    }
    this.#length = 0;
    return at;
  }

  /** Few by insertion; more by their bits, which takes a few steps a bucket and none to compare. */
  #sort(): void {
    const buckets = this.#buckets;
    if (this.#length > 32) {
      this.#sortByBits();
      return;
    }
    for (let i = 1; i < this.#length; i++) {
      const bucket = buckets[i]!;
      let k = i;
      for (; k > 0 && buckets[k - 1]! > bucket; k--) buckets[k] = buckets[k - 1]!;
      buckets[k] = bucket;
    }
  }

  #sortByBits(): void {
    const buckets = this.#buckets;
    const bits = this.#bits;
    const bitsOfWords = this.#bitsOfWords;
    for (let i = 0; i < this.#length; i++) {
      const bit = buckets[i]! + MOST_BUCKET;
      bits[bit >> 5]! |= 1 << (bit & 31);
      bitsOfWords[bit >> 10]! |= 1 << ((bit >> 5) & 31);
    }
    let length = 0;
    for (let w = 0; w < bitsOfWords.length; w++) {
      for (let words = bitsOfWords[w]!; words !== 0; words &= words - 1) {
        const word = 32 * w + lowestBit(words);
        for (let rest = bits[word]!; rest !== 0; rest &= rest - 1)
          buckets[length++] = 32 * word + lowestBit(rest) - MOST_BUCKET;
        bits[word] = 0;
      }
      bitsOfWords[w] = 0;
    }
  }

  #refuse(count: number): never {
    for (let i = 0; i < this.#length; i++) this.#counts[this.#buckets[i]! + MOST_BUCKET] = 0;
    this.#length = 0;
    const said = "Quantiles count whole numbers up to 2^53 - 1";
    throw new LossflowError("LF_COUNT", `${said}; a bucket would hold ${count}.`, { got: String(count) });
  }
}

/** The most bytes that one bucket takes. */
const MOST_BUCKET_BYTES: number = 3 + 8;

/** Goes through the buckets of a block. */
export class BlockCursor {
  bucket = 0;
  count = 0;
  /** Whether the bytes were no block that {@link SketchBlock} could have written; it ended there. */
  isDamaged = false;
  #bytes: Uint8Array = new Uint8Array(0);
  #at = 0;
  #end = 0;

  /** Goes before the first bucket of the block in `bytes[at .. end)`. */
  open(bytes: Uint8Array, at: number, end: number): void {
    this.bucket = BELOW;
    this.#bytes = bytes;
    this.#at = at;
    this.#end = end;
  }

  /** Goes to the next bucket. @returns whether there is one. */
  next(): boolean {
    if (this.#at === this.#end) return false;
    const step = this.#number();
    this.bucket += Math.floor(step / 2);
    this.count = step % 2 === 0 ? 1 : 1 + this.#number();
    const isGood =
      step > 1 && this.bucket <= MOST_BUCKET && this.count > step % 2 && Number.isSafeInteger(this.count);
    this.isDamaged ||= !isGood;
    return isGood;
  }

  /** NaN where it does not end. */
  #number(): number {
    let number = 0;
    for (let unit = 1; this.#at < this.#end; unit *= 128) {
      const byte = this.#bytes[this.#at++]!;
      if (byte < 128) return number + byte * unit;
      number += (byte - 128) * unit;
    }
    return Number.NaN;
  }
}

function lowestBit(word: number): number {
  return 31 - Math.clz32(word & -word);
}

function writeBucket(out: Uint8Array, at: number, distance: number, count: number): number {
  if (count === 1) return writeNumber(out, at, 2 * distance);
  return writeNumber(out, writeNumber(out, at, 2 * distance + 1), count - 1);
}

function writeNumber(out: Uint8Array, at: number, number: number): number {
  for (; number >= 128; number = Math.floor(number / 128)) out[at++] = (number & 127) | 128;
  out[at++] = number;
  return at;
}
