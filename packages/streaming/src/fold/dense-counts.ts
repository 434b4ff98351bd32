import type { BucketCursor } from "./bucket-code.ts";
import type { BucketCounts } from "./bucket-counts.ts";
import { PAGE, type SketchRoom } from "./sketch-room.ts";

/** Buckets are used together in words of so many. */
const WORD_BITS = 5;
const WORD: number = 2 ** WORD_BITS;
/** A word pays for itself, in memory and in the time that merging takes, where this many of its buckets are in use. */
const LEAST_USED = 12;
/** A cell's words stand in one page, and their number in 16 bits. */
const MOST_WORDS = 4096;
/** What one half of a byte counts to. */
const FULL = 16;
/** With more of them, starts would not be whole numbers of 32 bits. */
const MOST_PAGES = 2 ** 13;

/**
 * Keeps counts of the buckets that a cell uses most, half a byte each, where they can be added to: nothing is written again
 * for them. What they do not hold, other buckets and multiples of 16, is kept elsewhere.
 *
 * A cell has one run of words of 32 buckets, if it has any: 16 bits each say how many words, which is the first, and how many
 * buckets were left over when it was put.
 */
export class DenseCounts {
  readonly #room: SketchRoom;
  readonly #pages: Uint8Array[] = [];
  /** Where each cell begins, counted over all pages, plus 1; 0 where it has nothing. */
  #starts: Int32Array = new Int32Array(0);
  /** Where the next cell begins in the last page. */
  #at = 0;
  #given = 0;
  #size = 0;
  /** The cell that is open. */
  #page: Uint8Array = EMPTY;
  #base = 0;
  #low = 0;
  #width = 0;
  #left = 0;

  constructor(room: SketchRoom) {
    this.#room = room;
  }

  /** No cell from here on has anything. */
  get length(): number {
    return this.#starts.length;
  }

  /** How many bytes it takes. */
  get size(): number {
    return this.#size;
  }

  /** Makes a cell the one that the next calls are about. @returns whether it has anything. */
  open(cell: number): boolean {
    const start = cell < this.#starts.length ? this.#starts[cell]! - 1 : -1;
    this.#width = 0;
    if (start < 0) return false;
    const page = this.#pages[Math.floor(start / PAGE)]!;
    const at = start % PAGE;
    this.#page = page;
    this.#base = at + HEAD_BYTES;
    this.#width = WORD * (page[at]! | (page[at + 1]! << 8));
    this.#low = WORD * (page[at + 2]! | (page[at + 3]! << 8));
    this.#left = page[at + 4]! | (page[at + 5]! << 8);
    return true;
  }

  /** How many buckets may be kept elsewhere of the open cell before it should be put anew: its words may not be those in use any more. */
  get mostLeft(): number {
    return LEAST_LEFT + Math.floor(1.25 * this.#left);
  }

  /** Adds the buckets of a cursor to the open cell. @param counts takes what is left over of each: all, or a multiple of 16 */
  addBuckets(buckets: BucketCursor, counts: BucketCounts): void {
    const page = this.#page;
    const base = this.#base;
    const low = this.#low;
    const width = this.#width;
    while (buckets.next()) {
      const { count, place } = buckets;
      const i = place - low;
      if (i < 0 || i >= width) {
        counts.add(place, count);
        continue;
      }
      const at = base + (i >> 1);
      const shift = (i & 1) << 2;
      const both = page[at]!;
      const sum = ((both >> shift) & 15) + count;
      const kept = sum < FULL ? sum : sum % FULL;
      page[at] = (both & (0xf0 >> shift)) | (kept << shift);
      if (sum !== kept) counts.add(place, sum - kept);
    }
  }

  /** Adds what the open cell holds. @throws LF_COUNT as {@link BucketCounts.add} */
  addTo(counts: BucketCounts): void {
    counts.addHalves(this.#page, this.#base, this.#low, this.#width);
  }

  /** Takes out of `counts` what it can hold of a cell that it has nothing of. */
  put(cell: number, counts: BucketCounts): void {
    const { low, words } = wordsInUse(counts.places());
    if (words === 0 || this.#pages.length >= MOST_PAGES) return;
    const page = this.#start(cell, (WORD / 2) * words);
    const at = this.#at;
    this.#at += HEAD_BYTES + (WORD / 2) * words;
    page.fill(0, at + HEAD_BYTES, this.#at);
    const left = Math.min(counts.takeHalves(page, at + HEAD_BYTES, WORD * low, WORD * words), MOST_LEFT);
    page[at] = words;
    page[at + 1] = words >> 8;
    page[at + 2] = low;
    page[at + 3] = low >> 8;
    page[at + 4] = left;
    page[at + 5] = left >> 8;
  }

  /** Takes over the open cell of another, which has something, as it is. */
  copy(cell: number, from: DenseCounts): void {
    const bytes = from.#width / 2;
    const page = this.#start(cell, bytes);
    page.set(from.#page.subarray(from.#base - HEAD_BYTES, from.#base + bytes), this.#at);
    this.#at += HEAD_BYTES + bytes;
  }

  /** Gives back the pages before that of the open cell. */
  release(): void {
    this.#giveTo(this.#pages.indexOf(this.#page, this.#given));
  }

  /** Takes all out. */
  clear(): void {
    this.#giveTo(this.#pages.length);
    this.#pages.length = 0;
    this.#given = 0;
    this.#starts.fill(0);
    this.#at = 0;
    this.#size = 0;
    this.#width = 0;
  }

  #giveTo(end: number): void {
    for (; this.#given < end; this.#given++) {
      this.#room.give(this.#pages[this.#given]!);
      this.#pages[this.#given] = EMPTY;
    }
  }

  /** Makes room for so many bytes and what stands before them. @returns the page; they begin at `#at`. */
  #start(cell: number, bytes: number): Uint8Array {
    let page = this.#pages.at(-1);
    if (page === undefined || page.length - this.#at < HEAD_BYTES + bytes) {
      page = this.#room.take(PAGE);
      this.#pages.push(page);
      this.#at = 0;
    }
    if (cell >= this.#starts.length) {
      const starts = new Int32Array(Math.max(64, cell + 1, Math.floor(1.5 * this.#starts.length)));
      starts.set(this.#starts);
      this.#starts = starts;
    }
    this.#starts[cell] = (this.#pages.length - 1) * PAGE + this.#at + 1;
    this.#size += HEAD_BYTES + bytes;
    return page;
  }
}

const HEAD_BYTES = 6;
/** Of 16 bits. */
const MOST_LEFT = 2 ** 16 - 1;
const LEAST_LEFT = 16;
const EMPTY = new Uint8Array(0);

/** The run of words with the most buckets in use beyond the least for each; places are in order. (Kadane's algorithm.) */
function wordsInUse(places: Int32Array): { readonly low: number; readonly words: number } {
  let bestLow = 0;
  let bestWords = 0;
  let best = 0;
  let low = 0;
  let more = 0;
  let before = 0;
  for (let i = 0; i < places.length;) {
    const word = places[i]! >> WORD_BITS;
    const from = i;
    for (i++; i < places.length && places[i]! >> WORD_BITS === word;) i++;
    more -= LEAST_USED * (word - before - 1);
    if (more <= 0 || word - low >= MOST_WORDS) {
      more = 0;
      low = word;
    }
    more += i - from - LEAST_USED;
    before = word;
    if (more > best) {
      best = more;
      bestLow = low;
      bestWords = word + 1 - low;
    }
  }
  return { low: bestLow, words: bestWords };
}
