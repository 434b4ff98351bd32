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

  add(bucket: number, count: number): void {
    const before = this.#counts[bucket + MOST_BUCKET]!;
    this.#counts[bucket + MOST_BUCKET] = before + count;
    if (before !== 0) return;
    if (this.#length === this.#buckets.length) {
      const buckets = new Int32Array(2 * this.#length);
      buckets.set(this.#buckets);
      this.#buckets = buckets;
    }
    this.#buckets[this.#length++] = bucket;
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

  /** Few by insertion: calling for a sort takes longer. */
  #sort(): void {
    const buckets = this.#buckets;
    if (this.#length > 32) buckets.subarray(0, this.#length).sort();
    else
      for (let i = 1; i < this.#length; i++) {
        const bucket = buckets[i]!;
        let k = i;
        for (; k > 0 && buckets[k - 1]! > bucket; k--) buckets[k] = buckets[k - 1]!;
        buckets[k] = bucket;
      }
  }
}

/** The most bytes that one bucket takes. */
export const MOST_BUCKET_BYTES: number = 3 + 8;

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

/**
 * Writes the block of all that is in two.
 * @returns where it ends: at most as long as both.
 * @throws LF_COUNT where a bucket would count beyond 2^53 - 1.
 */
export function writeMerged(a: BlockCursor, b: BlockCursor, out: Uint8Array, at: number): number {
  let last = BELOW;
  let isA = a.next();
  let isB = b.next();
  while (isA || isB) {
    const order = !isB ? -1 : !isA ? 1 : a.bucket - b.bucket;
    const bucket = order <= 0 ? a.bucket : b.bucket;
    const count = (order <= 0 ? a.count : 0) + (order >= 0 ? b.count : 0);
    // It could be written, and not be read again.
    if (!Number.isSafeInteger(count)) throw tooMany(count);
    at = writeBucket(out, at, bucket - last, count);
    last = bucket;
    if (order <= 0) isA = a.next();
    if (order >= 0) isB = b.next();
  }
  return at;
}

function tooMany(count: number): LossflowError {
  const said = "Quantiles count whole numbers up to 2^53 - 1";
  return new LossflowError("LF_COUNT", `${said}; a bucket would hold ${count}.`, { got: String(count) });
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
