import { LossflowError } from "@lossflow/core";
import { BucketCursor, BucketWriter, mostBytesOf, PLACES, type BucketPlace } from "./bucket-code.ts";

/** Takes the counts of one cell's buckets, in any order, and gives them in order; then it is empty for the next cell. */
export class BucketCounts {
  /** By place from `#low` on; 0 where none is taken. Those in use mostly lie together: room for all takes 4 MB. */
  #counts: Float64Array = new Float64Array(0);
  #low = 0;
  #places: Int32Array = new Int32Array(64);
  #length = 0;
  #isSorted = true;
  /** Bits of places, and of the words of those that are not 0; all 0 between two sorts. */
  readonly #bits: Int32Array = new Int32Array((PLACES + 31) >> 5);
  readonly #bitsOfWords: Int32Array = new Int32Array((this.#bits.length + 31) >> 5);
  readonly #cursor: BucketCursor = new BucketCursor();
  readonly #writer: BucketWriter = new BucketWriter();
  /** Where the last block was written. */
  bytes: Uint8Array = new Uint8Array(0);

  /** How many buckets were taken. */
  get length(): number {
    return this.#length;
  }

  /** @throws LF_COUNT where the bucket would count beyond 2^53 - 1; all that was taken is forgotten. */
  add(place: BucketPlace, count: number): void {
    const i = place - this.#low;
    if (i < 0 || i >= this.#counts.length) {
      this.#makeRoom(place);
      this.add(place, count);
      return;
    }
    const before = this.#counts[i]!;
    const after = before + count;
    if (after > Number.MAX_SAFE_INTEGER) this.#refuse(after);
    this.#counts[i] = after;
    if (before !== 0) return;
    if (this.#length === this.#places.length) this.#growPlaces(this.#length + 1);
    this.#places[this.#length++] = place;
    this.#isSorted = false;
  }

  /** Adds what the block in `bytes[start .. end)` holds. @throws LF_COUNT as {@link BucketCounts.add} */
  addBlock(bytes: Uint8Array, start: number, end: number): void {
    const cursor = this.#cursor;
    cursor.open(bytes, start, end);
    while (cursor.next()) this.add(cursor.place, cursor.count);
  }

  /**
   * Adds what half bytes count of the buckets from place `low` on, `width` of them, the lower half of a byte first.
   * @throws LF_COUNT as {@link BucketCounts.add}
   */
  addHalves(bytes: Uint8Array, start: number, low: number, width: number): void {
    if (low < this.#low || low + width > this.#low + this.#counts.length) {
      this.#makeRoom(low);
      this.#makeRoom(low + width - 1);
    }
    if (this.#length + width > this.#places.length) this.#growPlaces(this.#length + width);
    const counts = this.#counts;
    const places = this.#places;
    let length = this.#length;
    for (let i = 0; i < width; i++) {
      const count = (bytes[start + (i >> 1)]! >> ((i & 1) << 2)) & 15;
      if (count === 0) continue;
      const at = low + i - this.#low;
      const before = counts[at]!;
      counts[at] = before + count;
      if (before === 0) places[length++] = low + i;
      else if (before + count > Number.MAX_SAFE_INTEGER) {
        this.#length = length;
        this.#refuse(before + count);
      }
    }
    this.#isSorted &&= this.#length === 0 || length === this.#length;
    this.#length = length;
  }

  /** Takes out of the same buckets what half bytes, all 0 before, can count. @returns how many buckets still count something */
  takeHalves(bytes: Uint8Array, start: number, low: number, width: number): number {
    const counts = this.#counts;
    const places = this.#places;
    const before = this.#low;
    let left = 0;
    for (let k = 0; k < this.#length; k++) {
      const i = places[k]! - low;
      if (i >= 0 && i < width) {
        const at = low + i - before;
        const count = counts[at]!;
        const half = count < 16 ? count : count % 16;
        bytes[start + (i >> 1)]! |= half << ((i & 1) << 2);
        counts[at] = count - half;
        if (half === count) continue;
      }
      places[left++] = places[k]!;
    }
    this.#length = left;
    return left;
  }

  /** The buckets that were taken, lowest first, until one is added. */
  places(): Int32Array {
    return this.#sorted().subarray(0, this.#length);
  }

  /** What a bucket that was taken counts now. */
  countAt(place: BucketPlace): number {
    return this.#counts[place - this.#low]!;
  }

  /** Writes all as a block of {@link BucketWriter} to the beginning of `bytes`, and forgets it. @returns its length, 0 of none */
  write(): number {
    const places = this.#sorted();
    const length = this.#length;
    this.#length = 0;
    this.#isSorted = true;
    if (length === 0) return 0;
    const most = mostBytesOf(length);
    if (this.bytes.length < most) this.bytes = new Uint8Array(2 * most);
    return this.#writer.write(this.bytes, 0, places, length, this.#counts, this.#low);
  }

  /** Forgets all that was taken. */
  clear(): void {
    for (let i = 0; i < this.#length; i++) this.#counts[this.#places[i]! - this.#low] = 0;
    this.#length = 0;
    this.#isSorted = true;
  }

  #growPlaces(length: number): void {
    const places = new Int32Array(2 * length);
    places.set(this.#places);
    this.#places = places;
  }

  #makeRoom(place: BucketPlace): void {
    const chunk = Math.floor(place / CHUNK) * CHUNK;
    if (this.#counts.length === 0) this.#low = chunk;
    const low = Math.min(this.#low, chunk);
    const end = Math.max(this.#low + this.#counts.length, chunk + CHUNK);
    const counts = new Float64Array(end - low);
    counts.set(this.#counts, this.#low - low);
    this.#counts = counts;
    this.#low = low;
  }

  #sorted(): Int32Array {
    if (!this.#isSorted) this.#sort();
    this.#isSorted = true;
    return this.#places;
  }

  /** Few by insertion; more by their bits, which takes a few steps a bucket and none to compare. */
  #sort(): void {
    const places = this.#places;
    if (this.#length > 16) {
      this.#sortByBits();
      return;
    }
    for (let i = 1; i < this.#length; i++) {
      const place = places[i]!;
      let k = i;
      for (; k > 0 && places[k - 1]! > place; k--) places[k] = places[k - 1]!;
      places[k] = place;
    }
  }

  #sortByBits(): void {
    const places = this.#places;
    const bits = this.#bits;
    const bitsOfWords = this.#bitsOfWords;
    let low = bitsOfWords.length;
    let high = 0;
    for (let i = 0; i < this.#length; i++) {
      const place = places[i]!;
      bits[place >> 5]! |= 1 << (place & 31);
      bitsOfWords[place >> 10]! |= 1 << ((place >> 5) & 31);
      low = Math.min(low, place >> 10);
      high = Math.max(high, place >> 10);
    }
    let length = 0;
    for (let w = low; w <= high; w++) {
      for (let words = bitsOfWords[w]!; words !== 0; words &= words - 1) {
        const word = 32 * w + lowestBit(words);
        for (let rest = bits[word]!; rest !== 0; rest &= rest - 1)
          places[length++] = 32 * word + lowestBit(rest);
        bits[word] = 0;
      }
      bitsOfWords[w] = 0;
    }
  }

  #refuse(count: number): never {
    this.clear();
    const said = "Quantiles count whole numbers up to 2^53 - 1";
    throw new LossflowError("LF_COUNT", `${said}; a bucket would hold ${count}.`, { got: String(count) });
  }
}

/** Places that room is made for at a time: 32 doublings. */
const CHUNK = 2 ** 12;

function lowestBit(word: number): number {
  return 31 - Math.clz32(word & -word);
}
