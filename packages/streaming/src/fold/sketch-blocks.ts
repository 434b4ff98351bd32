import { BucketCursor } from "./bucket-code.ts";
import type { BucketCounts } from "./bucket-counts.ts";
import type { SketchRoom } from "./sketch-room.ts";

/**
 * Blocks of buckets one after the other in the pages of a room, each after its cell and twice its length, plus 1 where it is
 * loose: numbers in groups of 7 bits, the lowest first, each but the last plus 128. They are read in their order.
 *
 * A loose block has three bytes for each loss, in any order: it is written and read in no time, and stays in the room.
 */
export class SketchBlocks {
  readonly #room: SketchRoom;
  readonly #pages: Uint8Array[] = [];
  /** Where the blocks of each page end. */
  readonly #ends: number[] = [];
  /** Pages that were given back. */
  #given = 0;
  #size = 0;
  #length = 0;
  #last = -1;

  constructor(room: SketchRoom) {
    this.#room = room;
  }

  get length(): number {
    return this.#length;
  }

  /** One more than the cell of the block that was put last. */
  get end(): number {
    return this.#last + 1;
  }

  /** How many bytes they take. */
  get size(): number {
    return this.#size;
  }

  /** All of their bytes. */
  get bytes(): readonly Uint8Array[] {
    return this.#pages.map((page, p) => page.subarray(0, this.#ends[p]));
  }

  /** Adds the block in `bytes[start .. end)`. */
  put(cell: number, bytes: Uint8Array, start: number, end: number): void {
    const { page, at } = this.#begin(cell, end - start, 0);
    // Most are so short that a view of them takes longer.
    if (end - start > 64) page.set(bytes.subarray(start, end), at);
    else for (let i = 0; i < end - start; i++) page[at + i] = bytes[start + i]!;
  }

  /** Adds what is counted, where it is anything, as a block, and forgets it. */
  putCounts(cell: number, counts: BucketCounts): void {
    if (counts.length === 0) return;
    const end = counts.write();
    if (end > 0) this.put(cell, counts.bytes, 0, end);
  }

  /** Adds a loose block of the losses in places `places[order[k]]`, from <= k < end. */
  putLoose(cell: number, places: Int32Array, order: Int32Array, from: number, end: number): void {
    const { page, at } = this.#begin(cell, LOOSE_BYTES * (end - from), 1);
    for (let k = from, to = at; k < end; k++) {
      const place = places[order[k]!]!;
      page[to++] = place;
      page[to++] = place >> 8;
      page[to++] = place >> 16;
    }
  }

  /** Makes room for a block of so many bytes. @returns where it begins */
  #begin(cell: number, length: number, isLoose: 0 | 1): { readonly page: Uint8Array; readonly at: number } {
    const last = this.#pages.length - 1;
    let page = this.#pages[last];
    let at = this.#ends[last] ?? 0;
    const most = MOST_HEAD_BYTES + length;
    if (page === undefined || page.length - at < most) {
      page = this.#room.take(most);
      this.#pages.push(page);
      this.#ends.push(0);
      at = 0;
    }
    const start = writeNumber(page, writeNumber(page, at, cell), 2 * length + isLoose);
    this.#ends[this.#ends.length - 1] = start + length;
    this.#size += start + length - at;
    this.#length++;
    this.#last = cell;
    return { page, at: start };
  }

  /**
   * Adds blocks that were written one after the other, of cells below `most`, each cell once, which stay where they are.
   * @returns false where they are damaged; nothing was added.
   */
  adopt(bytes: Uint8Array, most: number): boolean {
    const seen = this.#room.ints("seen", most).fill(0);
    const buckets = new BucketCursor();
    const blocks = new BlockCursor([bytes], [bytes.length]);
    let length = 0;
    for (; blocks.next(); length++) {
      if (!(blocks.cell < most) || seen[blocks.cell]!++ > 0) return false;
      if (blocks.isLoose || blocks.end > bytes.length) return false;
      buckets.open(bytes, blocks.start, blocks.end);
      while (buckets.next());
      if (buckets.isDamaged) return false;
    }
    if (blocks.isDamaged) return false;
    if (length === 0) return true;
    this.#pages.push(bytes);
    this.#ends.push(bytes.length);
    this.#size += bytes.length;
    this.#length += length;
    return true;
  }

  /** Goes through those that are there now. */
  cursor(): BlockCursor {
    return new BlockCursor([...this.#pages], [...this.#ends]);
  }

  /** Gives back the pages before one that a cursor is in. */
  release(page: number): void {
    for (; this.#given < page; this.#given++) {
      this.#room.give(this.#pages[this.#given]!);
      this.#pages[this.#given] = EMPTY;
    }
  }

  /** Takes all blocks out. */
  clear(): void {
    this.release(this.#pages.length);
    this.#pages.length = 0;
    this.#ends.length = 0;
    this.#given = 0;
    this.#size = 0;
    this.#length = 0;
    this.#last = -1;
  }
}

/** Stands at one block after the other. */
export class BlockCursor {
  /** The cell of the block, which is in `bytes[start .. end)`; Infinity behind the last. */
  cell: number = Infinity;
  bytes: Uint8Array = EMPTY;
  start = 0;
  end = 0;
  page = 0;
  /** Where its cell stands. */
  at = 0;
  isLoose = false;
  /** Whether the bytes ended within what stands before a block. */
  isDamaged = false;
  readonly #pages: readonly Uint8Array[];
  readonly #ends: readonly number[];

  constructor(pages: readonly Uint8Array[], ends: readonly number[]) {
    this.#pages = pages;
    this.#ends = ends;
    if (pages.length > 0) this.bytes = pages[0]!;
  }

  /** Goes to the next block. @returns whether there is one. */
  next(): boolean {
    while (this.end >= (this.#ends[this.page] ?? 0)) {
      if (this.page + 1 >= this.#pages.length) {
        this.cell = Infinity;
        return false;
      }
      this.bytes = this.#pages[++this.page]!;
      this.end = 0;
    }
    this.at = this.end;
    this.start = this.end;
    this.cell = this.#number();
    const twice = this.#number();
    const length = Math.floor(twice / 2);
    this.isLoose = twice % 2 === 1;
    this.end = this.start + length;
    this.isDamaged = !(length > 0);
    return !this.isDamaged;
  }

  /** Goes to the block that it found at this page and place. */
  goTo(page: number, at: number): void {
    this.page = page;
    this.bytes = this.#pages[page]!;
    this.end = at;
    this.next();
  }

  /** Adds what the block holds. @throws LF_COUNT as {@link BucketCounts.add} */
  addTo(counts: BucketCounts): void {
    const { bytes, start, end } = this;
    if (!this.isLoose) counts.addBlock(bytes, start, end);
    else
      for (let at = start; at < end; at += LOOSE_BYTES)
        counts.add(bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16), 1);
  }

  /** The number at `start`, and goes behind it; NaN where the bytes end, or it is no whole number of 32 bits. */
  #number(): number {
    let number = 0;
    for (let unit = 1; unit < 2 ** 35; unit *= 128) {
      const byte = this.bytes[this.start];
      if (byte === undefined) return Number.NaN;
      this.start++;
      number += (byte & 127) * unit;
      if (byte < 128) return number;
    }
    return Number.NaN;
  }
}

/** What stands before a block: two numbers of up to 32 bits. */
const MOST_HEAD_BYTES = 10;
/** A place has 19 bits. */
const LOOSE_BYTES = 3;
const EMPTY = new Uint8Array(0);

function writeNumber(out: Uint8Array, at: number, number: number): number {
  for (; number >= 128; number = Math.floor(number / 128)) out[at++] = (number & 127) | 128;
  out[at++] = number;
  return at;
}
