import { GrowingInts } from "../keys/growing-ints.ts";
import { BlockCursor, type SketchBlock } from "./sketch-block.ts";
import type { SketchRoom } from "./sketch-room.ts";

/** Blocks of cells one after the other in the pages of a room. */
export class SketchBlocks {
  readonly #room: SketchRoom;
  readonly #cells: GrowingInts = new GrowingInts();
  /** Where each block ends in its page; it begins where the one before in the same page ends. */
  readonly #ends: GrowingInts = new GrowingInts();
  readonly #pageOf: GrowingInts = new GrowingInts();
  readonly #pages: Uint8Array[] = [];
  /** Pages that were given back. */
  #given = 0;
  /** Where the next block begins in the last page. */
  #at = 0;
  #bytes = 0;

  constructor(room: SketchRoom) {
    this.#room = room;
  }

  get length(): number {
    return this.#cells.length;
  }

  /** About how many bytes it takes. */
  get size(): number {
    return this.#bytes + BESIDES * this.length;
  }

  /** The cells of all blocks, until the next is put. */
  get cells(): Int32Array {
    return this.#cells.view();
  }

  /** Writes the block of what was counted, of at most `most` bytes; `counts` is empty then. */
  putCounts(cell: number, counts: SketchBlock, most: number): void {
    const page = this.#pageFor(most);
    this.#end(cell, counts.write(page, this.#at));
  }

  /** Writes block i of others as it is. */
  put(cell: number, from: SketchBlocks, i: number): void {
    this.putBytes(cell, from.#pageAt(i), from.#startOf(i), from.#ends.at(i));
  }

  /** Writes the block in `bytes[start .. end)`. */
  putBytes(cell: number, bytes: Uint8Array, start: number, end: number): void {
    const page = this.#pageFor(end - start);
    let at = this.#at;
    // Most are so short that a view of them takes longer.
    if (end - start > 64) {
      page.set(bytes.subarray(start, end), at);
      at += end - start;
    } else for (let i = start; i < end; i++) page[at++] = bytes[i]!;
    this.#end(cell, at);
  }

  /** Adds what block i holds. @returns how many bytes it is in. @throws LF_COUNT as {@link SketchBlock.add} */
  addTo(counts: SketchBlock, i: number): number {
    const start = this.#startOf(i);
    const end = this.#ends.at(i);
    counts.addBlock(this.#pageAt(i), start, end);
    return end - start;
  }

  /** Sets a cursor before the first bucket of block i. */
  open(cursor: BlockCursor, i: number): void {
    cursor.open(this.#pageAt(i), this.#startOf(i), this.#ends.at(i));
  }

  /**
   * Adds blocks that were written one after the other, of cells below `most`, each cell once; block i ends at `ends[i]` of
   * `bytes`, which stay where they are.
   * @returns false where they are damaged; nothing was added.
   */
  adopt(cells: Int32Array, ends: Int32Array, bytes: Uint8Array, most: number): boolean {
    if (cells.length !== ends.length || (ends.at(-1) ?? 0) !== bytes.length) return false;
    const seen = this.#room.ints("seen", most).fill(0);
    const cursor = new BlockCursor();
    for (let i = 0, start = 0; i < cells.length; start = ends[i++]!) {
      const cell = cells[i]!;
      if (!(cell >= 0 && cell < most && seen[cell]!++ === 0)) return false;
      if (!(start < ends[i]! && ends[i]! <= bytes.length)) return false;
      cursor.open(bytes, start, ends[i]!);
      while (cursor.next());
      if (cursor.isDamaged) return false;
    }
    if (cells.length === 0) return true;
    this.#pages.push(bytes);
    this.#at = 0;
    for (let i = 0; i < cells.length; i++) this.#end(cells[i]!, ends[i]!);
    return true;
  }

  /** Gives back the pages that stand before that of block i; beyond the last block all. */
  release(i: number): void {
    const end = i < this.length ? this.#pageOf.at(i) : this.#pages.length;
    for (; this.#given < end; this.#given++) {
      this.#room.give(this.#pages[this.#given]!);
      this.#pages[this.#given] = EMPTY;
    }
  }

  /** Takes all blocks out. */
  clear(): void {
    this.release(this.length);
    for (const ints of [this.#cells, this.#ends, this.#pageOf]) ints.clear();
    this.#pages.length = 0;
    this.#given = 0;
    this.#at = 0;
    this.#bytes = 0;
  }

  /** Where each block ends, counted over all; and all their bytes. */
  joined(): { readonly ends: Int32Array; readonly bytes: readonly Uint8Array[] } {
    const ends = new Int32Array(this.length);
    const bytes: Uint8Array[] = [];
    let before = 0;
    for (let i = 0; i < this.length; i++) {
      const isLast = i + 1 === this.length || this.#pageOf.at(i + 1) !== this.#pageOf.at(i);
      ends[i] = before + this.#ends.at(i);
      if (!isLast) continue;
      bytes.push(this.#pageAt(i).subarray(0, this.#ends.at(i)));
      before += this.#ends.at(i);
    }
    return { ends, bytes };
  }

  #startOf(i: number): number {
    return i > 0 && this.#pageOf.at(i - 1) === this.#pageOf.at(i) ? this.#ends.at(i - 1) : 0;
  }

  #pageAt(i: number): Uint8Array {
    return this.#pages[this.#pageOf.at(i)]!;
  }

  #pageFor(most: number): Uint8Array {
    const last = this.#pages.at(-1);
    if (last !== undefined && last.length - this.#at >= most) return last;
    const page = this.#room.take(most);
    this.#pages.push(page);
    this.#at = 0;
    return page;
  }

  #end(cell: number, at: number): void {
    this.#cells.push(cell);
    this.#pageOf.push(this.#pages.length - 1);
    this.#ends.push(at);
    this.#bytes += at - this.#at;
    this.#at = at;
  }
}

const EMPTY = new Uint8Array(0);
/** Bytes that a block takes besides its own. */
const BESIDES = 12;
