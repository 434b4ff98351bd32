import { QuantileSketch } from "@lossflow/core/running";
import { BucketCursor, bucketOfPlace, placeOfBucket } from "./bucket-code.ts";
import type { BucketCounts } from "./bucket-counts.ts";
import type { ByteReader } from "./byte-reader.ts";
import type { ByteWriter } from "./byte-writer.ts";
import { DenseCounts } from "./dense-counts.ts";
import { SketchBlocks, type BlockCursor } from "./sketch-blocks.ts";
import { SketchRoom } from "./sketch-room.ts";

/** Losses that are gathered before they become blocks: about as many as there are cells, between these. */
const LEAST_LOSSES = 2 ** 12;
const MOST_LOSSES = 2 ** 16;
/** Losses of a cell, gathered together, that are not worth being counted yet. */
const MOST_LOOSE = 24;
/** Bytes of new blocks that may wait to be merged, however little has been merged yet. */
const LEAST_WAITING = 2 ** 19;

/**
 * Keeps the quantile sketches of many cells: counts of the evaluated, unweighted losses by bucket, NaN left out. Any order of
 * adding and merging gives the same sketches.
 *
 * New losses are gathered with their cells; when they are many, they become packed blocks, one a cell, some 5 to 8 bits a
 * bucket. Blocks wait until they take a share of what has been merged, and are then merged with it in one go. What a cell's
 * buckets are in when merged is told by how many of a neighbourhood are in use: where many are, half a byte each that later
 * counts are added to in place, else a packed block. The pages of what was merged are given back as they have been read,
 * and those that are written take them over: merging needs little memory besides.
 */
export class SketchTable {
  readonly #room: SketchRoom;
  readonly #sketch: QuantileSketch = new QuantileSketch();
  readonly #cursor: BucketCursor = new BucketCursor();
  /** Losses that are too few for blocks yet. */
  #cells: Int32Array = new Int32Array(64);
  #places: Int32Array = new Int32Array(64);
  #length = 0;
  /** One more than the highest cell. */
  #end = 0;
  #merged: Merged;
  readonly #waiting: SketchBlocks;
  /** Empty; what is merged next. */
  #next: Merged;

  /** @param room shared by the tables of a state. */
  constructor(room: SketchRoom = new SketchRoom()) {
    this.#room = room;
    this.#merged = { dense: new DenseCounts(room), blocks: new SketchBlocks(room) };
    this.#waiting = new SketchBlocks(room);
    this.#next = { dense: new DenseCounts(room), blocks: new SketchBlocks(room) };
  }

  /** Adds loss i to cell `at[i]`, for 0 <= i < count; a negative cell leaves it out. Without `at` all go to cell 0. */
  addArray(at: Int32Array | null, losses: Float64Array, count: number): void {
    const most = this.#length + count;
    const cells = this.#room.ints("new cells", most);
    const places = this.#room.ints("new places", most);
    cells.set(this.#cells.subarray(0, this.#length));
    places.set(this.#places.subarray(0, this.#length));
    let length = this.#length;
    for (let i = 0; i < count; i++) {
      const loss = losses[i]!;
      const cell = at === null ? 0 : at[i]!;
      if (cell < 0 || Number.isNaN(loss)) continue;
      if (cell >= this.#end) this.#end = cell + 1;
      cells[length] = cell;
      places[length++] = placeOfBucket(this.#sketch.bucketOf(loss));
    }
    this.#length = 0;
    if (length < Math.min(MOST_LOSSES, Math.max(LEAST_LOSSES, this.#end))) this.#keep(cells, places, length);
    else {
      this.#addSorted(cells.subarray(0, length), places);
      this.#mergeMany();
    }
  }

  /**
   * Adds cell i of `other` to cell `at[i]`, left out where that is negative. Without `at` cells keep their numbers.
   * @throws LF_COUNT where a bucket would count beyond 2^53 - 1, as the other methods do, as soon as it is met
   */
  merge(other: SketchTable, at: Int32Array | null): void {
    other.#gather();
    const { dense, blocks } = other.#merged;
    // A table may be merged with itself: what it held before counts.
    const isApart = dense.size > 0 || other === this;
    for (const from of isApart ? [other.#toBlocks(null)] : [blocks, other.#waiting]) {
      for (const block = from.cursor(); block.next();) {
        const cell = at === null ? block.cell : at[block.cell]!;
        if (cell >= 0) this.#addBlock(cell, block);
      }
      if (isApart) from.clear();
    }
    this.#mergeMany();
  }

  /**
   * Gives a reader of the table as it stands, until something is added: it gives the sketch of all losses in some cells, which
   * stands until it is called again.
   */
  reader(): (cells: readonly number[]) => SketchOfCells {
    this.#mergeAll();
    const { dense, blocks } = this.#merged;
    const { counts } = this.#room;
    const found = indexOf(blocks, (length) => new Int32Array(length));
    const block = blocks.cursor();
    return (cells) => {
      for (const cell of cells) {
        if (dense.open(cell)) dense.addTo(counts);
        const i = placeOf(cell, found.cells);
        if (i === -1) continue;
        block.goTo(found.pages[i]!, found.starts[i]!);
        counts.addBlock(block.bytes, block.start, block.end);
      }
      return sketchOf(counts, this.#room);
    };
  }

  /** Takes all losses out; the room stays. */
  clear(): void {
    this.#length = 0;
    this.#end = 0;
    this.#waiting.clear();
    for (const { dense, blocks } of [this.#merged, this.#next]) {
      dense.clear();
      blocks.clear();
    }
  }

  /** Writes the sketches; `places` says which cell each is written as, and without it cells keep their numbers. */
  write(out: ByteWriter, places: Int32Array | null): void {
    this.#gather();
    const blocks = this.#toBlocks(places);
    out.bytes(...blocks.bytes);
    blocks.clear();
  }

  /** Adds sketches of cells below `end` that were written; the table shares their memory. @throws LF_STATE_DAMAGED */
  read(from: ByteReader, end: number): void {
    if (!this.#waiting.adopt(from.bytes(), end)) throw from.damaged();
  }

  #keep(cells: Int32Array, places: Int32Array, length: number): void {
    if (length > this.#cells.length) {
      this.#cells = new Int32Array(2 * length);
      this.#places = new Int32Array(2 * length);
    }
    this.#cells.set(cells.subarray(0, length));
    this.#places.set(places.subarray(0, length));
    this.#length = length;
  }

  /** Makes blocks of the losses that were gathered. */
  #gather(): void {
    if (this.#length === 0) return;
    this.#addSorted(this.#cells.subarray(0, this.#length), this.#places);
    this.#length = 0;
  }

  #addSorted(cells: Int32Array, places: Int32Array): void {
    const { order, starts } = sortedByCell(cells, this.#room);
    const { dense } = this.#merged;
    const { counts } = this.#room;
    for (let cell = 0; cell + 1 < starts.length; cell++) {
      const start = starts[cell]!;
      const end = starts[cell + 1]!;
      if (start === end) continue;
      if (end - start <= MOST_LOOSE && !dense.open(cell)) {
        this.#waiting.putLoose(cell, places, order, start, end);
        continue;
      }
      for (let k = start; k < end; k++) counts.add(places[order[k]!]!, 1);
      putCounts(this.#waiting, cell, counts);
    }
  }

  #addBlock(cell: number, block: BlockCursor): void {
    const { dense } = this.#merged;
    const { counts } = this.#room;
    const { bytes, start, end } = block;
    if (block.isLoose || !dense.open(cell)) {
      if (block.isLoose) block.addTo(counts);
      else this.#waiting.put(cell, bytes, start, end);
      putCounts(this.#waiting, cell, counts);
      return;
    }
    const bucket = this.#cursor;
    for (bucket.open(bytes, start, end); bucket.next();) {
      const left = dense.add(bucket.place, bucket.count);
      if (left > 0) counts.add(bucket.place, left);
    }
    putCounts(this.#waiting, cell, counts);
  }

  #mergeMany(): void {
    const { dense, blocks } = this.#merged;
    if (this.#waiting.size > Math.max(LEAST_WAITING, (dense.size + blocks.size) / 3)) this.#mergeAll();
  }

  /** @throws LF_COUNT where a bucket would count beyond 2^53 - 1 */
  #mergeAll(): void {
    this.#gather();
    if (this.#waiting.length === 0) return;
    const { dense, blocks } = this.#merged;
    const next = this.#next;
    const take = (cell: number, counts: BucketCounts): void => {
      next.dense.put(cell, counts);
      putCounts(next.blocks, cell, counts);
    };
    const keep = (cell: number, isDense: boolean, block: BlockCursor | null): void => {
      if (isDense) next.dense.copy(cell, dense);
      if (block !== null) next.blocks.put(cell, block.bytes, block.start, block.end);
    };
    this.#eachCell(take, keep, true);
    this.#waiting.clear();
    dense.clear();
    blocks.clear();
    this.#next = this.#merged;
    this.#merged = next;
  }

  /** One block a cell; the pages are the caller's. */
  #toBlocks(places: Int32Array | null): SketchBlocks {
    const blocks = new SketchBlocks(this.#room);
    this.#eachCell((cell, counts) => putCounts(blocks, places === null ? cell : places[cell]!, counts));
    return blocks;
  }

  /**
   * Calls `take` with the counts of each cell, in order, which it is to leave empty.
   * @param keep takes the cells for which nothing waits, as they stand; without it all are counted
   * @param isLast whether the pages of what was merged may be given back as they have been read
   * @throws LF_COUNT as {@link BucketCounts.add}
   */
  #eachCell(
    take: (cell: number, counts: BucketCounts) => void,
    keep: ((cell: number, isDense: boolean, block: BlockCursor | null) => void) | null = null,
    isLast: boolean = false,
  ): void {
    const { dense, blocks } = this.#merged;
    const { counts } = this.#room;
    const found = indexOf(this.#waiting, (length, name) => this.#room.ints(name, length));
    const { order, starts } = sortedByCell(found.cells, this.#room);
    const waiting = this.#waiting.cursor();
    const block = blocks.cursor();
    block.next();
    const end = Math.max(starts.length - 1, dense.length, blocks.end);
    for (let cell = 0; cell < end; cell++) {
      const first = cell + 1 < starts.length ? starts[cell]! : 0;
      const last = cell + 1 < starts.length ? starts[cell + 1]! : 0;
      const isDense = dense.open(cell);
      const isBlock = block.cell === cell;
      if (!isDense && !isBlock && first === last) continue;
      if (keep !== null && first === last) keep(cell, isDense, isBlock ? block : null);
      else {
        if (isDense) dense.addTo(counts);
        if (isBlock) counts.addBlock(block.bytes, block.start, block.end);
        for (let k = first; k < last; k++) {
          waiting.goTo(found.pages[order[k]!]!, found.starts[order[k]!]!);
          waiting.addTo(counts);
        }
        take(cell, counts);
      }
      if (isBlock) block.next();
      if (!isLast) continue;
      if (isDense) dense.release();
      blocks.release(block.page);
    }
  }
}

/** The losses of some cells by their buckets, lowest first: `counts[i]` of `buckets[i]`. */
export interface SketchOfCells {
  readonly buckets: Int32Array;
  readonly counts: Float64Array;
}

/** A cell has the counts that both hold of it. */
interface Merged {
  readonly dense: DenseCounts;
  /** By cell. */
  readonly blocks: SketchBlocks;
}

/** Adds what is counted as a block, if it is anything, and forgets it. */
function putCounts(blocks: SketchBlocks, cell: number, counts: BucketCounts): void {
  if (counts.length === 0) return;
  const end = counts.write();
  if (end > 0) blocks.put(cell, counts.bytes, 0, end);
}

function sketchOf(counts: BucketCounts, room: SketchRoom): SketchOfCells {
  const places = counts.places();
  const sketch = { buckets: room.ints("buckets", places.length), counts: room.doubles(places.length) };
  for (let i = 0; i < places.length; i++) {
    sketch.buckets[i] = bucketOfPlace(places[i]!);
    sketch.counts[i] = counts.countAt(places[i]!);
  }
  counts.clear();
  return sketch;
}

/** Where blocks stand. */
interface BlockIndex {
  readonly cells: Int32Array;
  readonly pages: Int32Array;
  readonly starts: Int32Array;
}

function indexOf(blocks: SketchBlocks, ints: (length: number, name: string) => Int32Array): BlockIndex {
  const index = {
    cells: ints(blocks.length, "cells"),
    pages: ints(blocks.length, "pages"),
    starts: ints(blocks.length, "places"),
  };
  const block = blocks.cursor();
  for (let i = 0; block.next(); i++) {
    index.cells[i] = block.cell;
    index.pages[i] = block.page;
    index.starts[i] = block.at;
  }
  return index;
}

/** Where each cell begins in `order`, which holds the places of all cells by cell. Both are of the room, until the next call. */
function sortedByCell(
  cells: Int32Array,
  room: SketchRoom,
): { readonly order: Int32Array; readonly starts: Int32Array } {
  let count = 0;
  for (let i = 0; i < cells.length; i++) count = Math.max(count, cells[i]! + 1);
  const starts = room.ints("starts", count + 1).fill(0);
  for (let i = 0; i < cells.length; i++) starts[cells[i]!]!++;
  for (let cell = 1; cell <= count; cell++) starts[cell]! += starts[cell - 1]!;
  const order = room.ints("order", cells.length);
  for (let i = cells.length - 1; i >= 0; i--) order[--starts[cells[i]!]!] = i;
  return { order, starts };
}

/** Where a cell stands among cells in order; -1 where it does not. */
function placeOf(cell: number, cells: Int32Array): number {
  let low = 0;
  for (let high = cells.length; low < high;) {
    const middle = (low + high) >>> 1;
    if (cells[middle]! < cell) low = middle + 1;
    else high = middle;
  }
  return cells[low] === cell ? low : -1;
}
