import { QuantileSketch } from "@lossflow/core/running";
import type { ByteReader } from "./byte-reader.ts";
import type { ByteWriter } from "./byte-writer.ts";
import { BlockCursor } from "./sketch-block.ts";
import { SketchBlocks } from "./sketch-blocks.ts";
import { SketchRoom } from "./sketch-room.ts";

/** Losses that are gathered before they become blocks: no more than caches hold. */
const MOST_LOSSES = 2 ** 16;
/** Bytes of new blocks that may wait to be merged, however little has been merged yet. */
const LEAST_WAITING = 2 ** 21;

/**
 * Keeps the quantile sketches of many cells: counts of the evaluated, unweighted losses by bucket, NaN left out. Any order of
 * adding and merging gives the same sketches.
 *
 * New losses are gathered with their cells; when they are many, they become packed blocks, one a cell, two or three bytes a
 * bucket. Blocks wait until they take half as much as what has been merged, and are then merged with it in one go, so
 * that each bucket is written again a few times only. The pages of what was merged are given back as they have been read, and those that are
 * written take them over: merging needs little memory besides.
 */
export class SketchTable {
  readonly #room: SketchRoom;
  readonly #sketch: QuantileSketch = new QuantileSketch();
  #cells: Int32Array = new Int32Array(64);
  #buckets: Int32Array = new Int32Array(64);
  #length = 0;
  /** One block a cell, by cell. */
  #merged: SketchBlocks;
  readonly #waiting: SketchBlocks;
  /** Empty; what is merged next. */
  #next: SketchBlocks;

  /** @param room shared by the tables of a state. */
  constructor(room: SketchRoom = new SketchRoom()) {
    this.#room = room;
    this.#merged = new SketchBlocks(room);
    this.#waiting = new SketchBlocks(room);
    this.#next = new SketchBlocks(room);
  }

  /** Adds loss i to cell `at[i]`, for 0 <= i < count; a negative cell leaves it out. Without `at` all go to cell 0. */
  addArray(at: Int32Array | null, losses: Float64Array, count: number): void {
    for (let i = 0; i < count; i++) {
      const loss = losses[i]!;
      const cell = at === null ? 0 : at[i]!;
      if (cell < 0 || Number.isNaN(loss)) continue;
      if (this.#length === this.#cells.length) this.#makeRoom();
      this.#cells[this.#length] = cell;
      this.#buckets[this.#length++] = this.#sketch.bucketOf(loss);
    }
  }

  /** Adds cell i of `other` to cell `at[i]`, left out where that is negative. Without `at` cells keep their numbers. */
  merge(other: SketchTable, at: Int32Array | null): void {
    other.#gather();
    // A table may be merged with itself: what it held before counts.
    for (const [blocks, cells] of [other.#merged, other.#waiting].map((one) => [one, one.cells] as const)) {
      for (let i = 0; i < cells.length; i++) {
        const cell = at === null ? cells[i]! : at[cells[i]!]!;
        if (cell >= 0) this.#waiting.put(cell, blocks, i);
      }
    }
    this.#mergeMany();
  }

  /** Gives a reader of the table as it stands, until something is added: it makes the sketch of all losses in some cells. */
  reader(): (cells: readonly number[]) => QuantileSketch {
    this.#mergeAll();
    const cursor = new BlockCursor();
    return (cells) => {
      const sketch = new QuantileSketch();
      for (const cell of cells) {
        const i = placeOf(cell, this.#merged.cells);
        if (i === -1) continue;
        this.#merged.open(cursor, i);
        while (cursor.next()) sketch.addBucket(cursor.bucket, cursor.count);
      }
      return sketch;
    };
  }

  /** Takes all losses out; the room stays. */
  clear(): void {
    this.#length = 0;
    this.#merged.clear();
    this.#waiting.clear();
  }

  /** `places` says which cell each is written as; without it cells keep their numbers. */
  write(out: ByteWriter, places: Int32Array | null): void {
    this.#mergeAll();
    const { cells } = this.#merged;
    const { ends, bytes } = this.#merged.joined();
    out.ints(places === null ? cells : cells.map((cell) => places[cell]!));
    out.ints(ends);
    out.bytes(...bytes);
  }

  /** Adds sketches of cells below `end` that were written; the table shares their memory. @throws LF_STATE_DAMAGED */
  read(from: ByteReader, end: number): void {
    if (!this.#waiting.adopt(from.ints(), from.ints(), from.bytes(), end)) throw from.damaged();
  }

  #makeRoom(): void {
    if (this.#length >= MOST_LOSSES) {
      this.#gather();
      this.#mergeMany();
      return;
    }
    const grown = (old: Int32Array): Int32Array => {
      const ints = new Int32Array(2 * old.length);
      ints.set(old);
      return ints;
    };
    this.#cells = grown(this.#cells);
    this.#buckets = grown(this.#buckets);
  }

  /** Makes blocks of the losses that were gathered. */
  #gather(): void {
    if (this.#length === 0) return;
    const { order, starts } = sortedByCell(this.#cells.subarray(0, this.#length), this.#room);
    this.#length = 0;
    const { block } = this.#room;
    for (let cell = 0; cell + 1 < starts.length; cell++) {
      const end = starts[cell + 1]!;
      if (starts[cell] === end) continue;
      for (let k = starts[cell]!; k < end; k++) block.add(this.#buckets[order[k]!]!, 1);
      this.#waiting.putCounts(cell, block, block.mostBytes);
    }
  }

  #mergeMany(): void {
    if (this.#waiting.size > Math.max(LEAST_WAITING, this.#merged.size / 2)) this.#mergeAll();
  }

  /** @throws LF_COUNT where a bucket would count beyond 2^53 - 1; the table is empty then. */
  #mergeAll(): void {
    this.#gather();
    if (this.#waiting.length === 0) return;
    const old = this.#merged;
    try {
      this.#mergeInto(this.#next);
      this.#merged = this.#next;
    } finally {
      old.clear();
      this.#waiting.clear();
    }
    this.#next = old;
  }

  #mergeInto(out: SketchBlocks): void {
    const old = this.#merged;
    const waiting = this.#waiting;
    const { block } = this.#room;
    const { order, starts } = sortedByCell(waiting.cells, this.#room);
    let i = 0;
    for (let cell = 0; cell + 1 < starts.length; cell++) {
      const start = starts[cell]!;
      const end = starts[cell + 1]!;
      if (start === end) continue;
      for (; i < old.length && old.cells[i]! < cell; i++) out.put(old.cells[i]!, old, i);
      const isOld = i < old.length && old.cells[i] === cell;
      if (!isOld && end === start + 1) out.put(cell, waiting, order[start]!);
      else {
        let bytes = isOld ? old.addTo(block, i++) : 0;
        for (let k = start; k < end; k++) bytes += waiting.addTo(block, order[k]!);
        old.release(i);
        out.putCounts(cell, block, bytes);
      }
    }
    for (; i < old.length; i++) out.put(old.cells[i]!, old, i);
  }
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
