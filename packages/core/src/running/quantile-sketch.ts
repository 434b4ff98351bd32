import { LossflowError } from "../error.ts";
import { numberFrom } from "../input/number-from.ts";
import { refuse, same } from "../input/refuse.ts";
import type { Numbers } from "../loss.ts";
import { sealOf } from "../state/seal.ts";
import { unreadable } from "../sum/unreadable.ts";
import { viewOfBytes } from "../sum/view-of-bytes.ts";
import { isCount } from "./cell-count.ts";

/**
 * Counts numbers in buckets of equal relative width, for quantiles that are right to 1 part in 256.
 *
 * A bucket is what shares sign, exponent and the first 7 bits of the fraction: its ends are 1 + 1/128 apart at most, and
 * it is read as its middle. Counts are whole numbers and buckets the same for everyone, so any order, partition and
 * merging gives the same sketch, to the last bit. Numbers below 2^-1022 in size count as 0; infinities are numbers here,
 * NaN is counted apart. A bucket in use takes some 40 bytes; losses between 1e-9 and 100 can use 4,700.
 *
 * Source for the idea: Masson, Rim, Lee, DDSketch, doi:10.14778/3352063.3352135; buckets cut by bits instead of by logarithms, which
 * differ between machines.
 */
export class QuantileSketch {
  /** How many numbers there are, NaN left out. */
  count: number = 0;
  nan: number = 0;
  readonly #buckets: Map<number, number> = new Map();
  readonly #number: Float64Array = new Float64Array(1);
  readonly #words: Int32Array = new Int32Array(this.#number.buffer);

  /**
   * Adds `x`, `times` times; what is no number counts as NaN.
   * @throws LF_COUNT where `times` is no whole number from 0 on, or there would be more than 2^53 - 1; nothing is added.
   */
  add(x: number, times: number = 1): void {
    if (Number.isNaN(numberFrom(x))) this.nan = sumOfCounts(this.nan, times);
    else this.#addTo(this.bucketOf(x), times);
  }

  /** The bucket of a number that is not NaN: a 32-bit integer, the same in every sketch. */
  bucketOf(x: number): number {
    this.#number[0] = x;
    const size = this.#words[1]! & 0x7fffffff;
    const bucket = size < 0x00100000 ? 0 : size >>> SHIFT;
    return x < 0 ? -bucket : bucket;
  }

  /**
   * Adds a number of this bucket, `times` times.
   * @throws as {@link QuantileSketch.add}; LF_BAD_PARAMETER where there is no such bucket.
   */
  addBucket(bucket: number, times: number): void {
    if (!(Number.isInteger(bucket) && Math.abs(bucket) <= MAX_BUCKET))
      refuse("LF_BAD_PARAMETER", "bucket of a quantile sketch", bucket, "what bucketOf gives");
    this.#addTo(bucket, times);
  }

  /**
   * Adds `values[start .. end)`.
   * @throws LF_NOT_A_NUMBER for no array, LF_BAD_PARAMETER for a part outside of it: nothing is added. LF_COUNT as
   *   {@link QuantileSketch.add}; what stands before has been added.
   */
  addArray(values: Numbers, start: number = 0, end: number = checkedLength(values)): void {
    const length = checkedLength(values);
    if (!(isCount(start) && isCount(end) && start <= end && end <= length))
      refuse("LF_BAD_PARAMETER", "part of addArray", [start, end], `within 0 and ${length}`);
    for (let i = start; i < end; i++) this.add(values[i]!);
  }

  /**
   * Adds all that `other` holds, which stays as it is.
   * @throws LF_COUNT as {@link QuantileSketch.add}, LF_BAD_PARAMETER for no sketch; nothing is added.
   */
  merge(other: QuantileSketch): void {
    if (!(Object(other) === other && #buckets in other))
      refuse("LF_BAD_PARAMETER", "sketch to merge", other, "a QuantileSketch");
    sumOfCounts(this.count, other.count);
    this.nan = sumOfCounts(this.nan, other.nan);
    for (const [bucket, times] of other.#buckets) this.#addTo(bucket, times);
  }

  /**
   * The smallest number that at least the share `p` of all does not exceed, to 1 part in 256; NaN of none. 0.5 is the
   * median, 0 the minimum, 1 the maximum. Who knows the least and the largest finite number gives them as `min` and `max`:
   * the first and the last of the finite ones are then exact, and no finite quantile is outside of them.
   * @throws LF_BAD_PARAMETER where `p` is not in [0, 1].
   */
  quantile(p: number, min: number = -Infinity, max: number = Infinity): number {
    const buckets = this.#sorted();
    const counts = buckets.map((bucket) => this.#buckets.get(bucket)!);
    return QuantileSketch.quantileOf(buckets, counts, p, min, max);
  }

  /**
   * The same of numbers whose buckets are given, lowest first, `counts[i]` of `buckets[i]`: for who keeps many sketches in a
   * form of their own.
   * @throws LF_BAD_PARAMETER where `p` is not in [0, 1], LF_NOT_A_NUMBER for no arrays, LF_LENGTH_MISMATCH where the two are not
   *   as long.
   */
  static quantileOf(
    buckets: Numbers,
    counts: Numbers,
    p: number,
    min: number = -Infinity,
    max: number = Infinity,
  ): number {
    if (!(numberFrom(p) >= 0 && p <= 1))
      refuse("LF_BAD_PARAMETER", "share that a quantile is asked for with", p, "from 0 to 1");
    same("LF_LENGTH_MISMATCH", "number of counts", checkedLength(counts), checkedLength(buckets));
    let count = 0;
    for (let i = 0; i < buckets.length; i++) count += counts[i]!;
    const rank = Math.max(1, Math.ceil(p * count));
    const last = buckets.length - 1;
    const below = buckets[0] === -MAX_BUCKET ? counts[0]! : 0;
    const above = buckets[last] === MAX_BUCKET ? counts[last]! : 0;
    let left = rank;
    for (let i = 0; i < buckets.length; i++) {
      left -= counts[i]!;
      if (left > 0) continue;
      const middle = middleOf(buckets[i]!);
      if (!Number.isFinite(middle)) return middle;
      if (rank === below + 1 && min > -Infinity) return min;
      return rank === count - above && max < Infinity ? max : Math.max(min, Math.min(max, middle));
    }
    return Number.NaN;
  }

  /**
   * Writes the sketch, little-endian: "LFQS", uint32 version, float64 NaN count, then an int32 bucket and a float64
   * count for each bucket in use, lowest first, and the FNV-1a hash of all that.
   */
  toBytes(): Uint8Array {
    const sorted = this.#sorted();
    const bytes = new Uint8Array(16 + 12 * sorted.length + 4);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, MAGIC, true);
    view.setUint32(4, VERSION, true);
    view.setFloat64(8, this.nan, true);
    sorted.forEach((bucket, k) => {
      view.setInt32(16 + 12 * k, bucket, true);
      view.setFloat64(20 + 12 * k, this.#buckets.get(bucket)!, true);
    });
    view.setUint32(bytes.length - 4, sealOf(bytes, bytes.length - 4), true);
    return bytes;
  }

  /**
   * Reads what {@link QuantileSketch.toBytes} wrote.
   * @throws LF_STATE_UNKNOWN for other bytes, LF_STATE_VERSION for a later version, LF_STATE_DAMAGED where they are cut
   *   or changed.
   */
  static fromBytes(bytes: Uint8Array): QuantileSketch {
    const view = viewOfBytes(bytes);
    if (view.byteLength < 8 || view.getUint32(0, true) !== MAGIC) {
      unreadable("LF_STATE_UNKNOWN", "no quantile sketch");
    }
    if (view.getUint32(4, true) !== VERSION) {
      throw new LossflowError(
        "LF_STATE_VERSION",
        "This quantile sketch is of a later version: read it with the release that wrote it.",
      );
    }
    const end = bytes.length - 4;
    const sketch = new QuantileSketch();
    if (end < 16 || (end - 16) % 12 !== 0 || view.getUint32(end, true) !== sealOf(bytes, end)) damaged();
    sketch.nan = checkCount(view.getFloat64(8, true), 0);
    let before = -Infinity;
    for (let at = 16; at < end; at += 12) {
      const bucket = view.getInt32(at, true);
      if (bucket <= before || Math.abs(bucket) > MAX_BUCKET) damaged();
      sketch.#addTo(bucket, checkCount(view.getFloat64(at + 4, true), 1));
      before = bucket;
    }
    return sketch;
  }

  #addTo(bucket: number, times: number): void {
    this.count = sumOfCounts(this.count, times);
    // A bucket of none would be one more in the bytes, and refused by who reads them.
    if (times > 0) this.#buckets.set(bucket, (this.#buckets.get(bucket) ?? 0) + times);
  }

  #sorted(): number[] {
    return [...this.#buckets.keys()].sort((a, b) => a - b);
  }
}

/** Exponent and 7 bits of the fraction are left of the upper word. */
const SHIFT = 13;
const MAX_BUCKET = 0x7ff00000 >>> SHIFT;
const MAGIC = 0x5351464c; // "LFQS"
const VERSION = 1;

/** The number in the middle of a bucket. */
function middleOf(bucket: number): number {
  const size = Math.abs(bucket);
  if (size === 0) return 0;
  const number = new Float64Array(1);
  new Int32Array(number.buffer)[1] = (size << SHIFT) | (size === MAX_BUCKET ? 0 : 1 << (SHIFT - 1));
  return bucket < 0 ? -number[0]! : number[0]!;
}

/** @throws LF_NOT_A_NUMBER for what is no array. */
function checkedLength(numbers: Numbers): number {
  const { length } = Object(numbers) as { readonly length?: unknown };
  if (typeof numbers === "object" && isCount(length as number)) return length as number;
  return refuse("LF_NOT_A_NUMBER", "numbers of a quantile sketch", numbers, "an array");
}

function sumOfCounts(count: number, more: number): number {
  if (more >= 0 && Number.isInteger(more) && Number.isSafeInteger(count + more)) return count + more;
  throw new LossflowError(
    "LF_COUNT",
    `A quantile sketch counts whole numbers up to 2^53 - 1; ${count} and ${more} are not.`,
    { got: String(more) },
  );
}

function checkCount(count: number, least: number): number {
  if (Number.isSafeInteger(count) && count >= least) return count;
  return damaged();
}

function damaged(): never {
  unreadable("LF_STATE_DAMAGED", "a quantile sketch that was cut or changed");
}
