import { indexOf } from "./block-index.ts";
import { BucketCursor } from "./bucket-code.ts";
import type { BucketCounts } from "./bucket-counts.ts";
import type { ByteReader } from "./byte-reader.ts";
import type { ByteWriter } from "./byte-writer.ts";
import { GatheredLosses, type LossesOfCells } from "./gathered-losses.ts";
import { MergedCounts, type SketchOfCells } from "./merged-counts.ts";
import { SketchBlocks, type BlockCursor } from "./sketch-blocks.ts";
import { SketchRoom } from "./sketch-room.ts";
import { sortedByCell } from "./sorted-by-cell.ts";

/** Losses of a cell, gathered together, that are not worth being counted yet. */
const MOST_LOOSE = 24;
/** Bytes of new blocks that may wait to be merged, however little has been merged yet: what a task of a worker gathers is less. */
const LEAST_WAITING = 2 ** 20;

/**
 * Keeps the quantile sketches of many cells: counts of the evaluated, unweighted losses by bucket, NaN left out. Any order of
 * adding and merging gives the same sketches.
 *
 * New losses are gathered with their cells; when they are many, they become packed blocks, one a cell, some 5 to 8 bits a
 * bucket. Blocks wait until they take a share of what has been merged, and are then merged with it in one go. What a cell's
 * buckets are in when merged is told by how many of a neighbourhood are in use: where many are, half a byte each that later
 * counts are added to in place, else a packed block. Half bytes stand until the cell has a quarter more buckets beside them. The pages of what was merged are given back as they have been read,
 * and those that are written take them over: merging needs little memory besides.
 */
export class SketchTable {
  readonly #room: SketchRoom;
  readonly #cursor: BucketCursor = new BucketCursor();
  readonly #gathered: GatheredLosses;
  /** Blocks that are not merged yet, any number a cell. */
  readonly #waiting: SketchBlocks;
  #merged: MergedCounts;
  /** Empty; what is merged next. */
  #next: MergedCounts;

  /** @param room shared by the tables of a state. */
  constructor(room: SketchRoom = new SketchRoom()) {
    this.#room = room;
    this.#gathered = new GatheredLosses(room);
    this.#waiting = new SketchBlocks(room);
    this.#merged = new MergedCounts(room);
    this.#next = new MergedCounts(room);
  }

  /** Adds loss i to cell `at[i]`, for 0 <= i < count; a negative cell leaves it out. Without `at` all go to cell 0. */
  addArray(at: Int32Array | null, losses: Float64Array, count: number): void {
    const many = this.#gathered.add(at, losses, count);
    if (many === null) return;
    this.#addSorted(many);
    this.#mergeMany();
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
    return this.#merged.reader();
  }

  /** Takes all losses out; the room stays. */
  clear(): void {
    this.#gathered.clear();
    this.#waiting.clear();
    this.#merged.clear();
    this.#next.clear();
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

  /** Makes blocks of the losses that were gathered. */
  #gather(): void {
    const few = this.#gathered.take();
    if (few.cells.length > 0) this.#addSorted(few);
  }

  #addSorted({ cells, places }: LossesOfCells): void {
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
      this.#waiting.putCounts(cell, counts);
    }
  }

  #addBlock(cell: number, block: BlockCursor): void {
    const { dense } = this.#merged;
    const { counts } = this.#room;
    const { bytes, start, end } = block;
    if (block.isLoose || !dense.open(cell)) {
      if (block.isLoose) block.addTo(counts);
      else this.#waiting.put(cell, bytes, start, end);
      this.#waiting.putCounts(cell, counts);
      return;
    }
    this.#cursor.open(bytes, start, end);
    dense.addBuckets(this.#cursor, counts);
    this.#waiting.putCounts(cell, counts);
  }

  #mergeMany(): void {
    if (this.#waiting.size > Math.max(LEAST_WAITING, this.#merged.size / 5)) this.#mergeAll();
  }

  /** @throws LF_COUNT where a bucket would count beyond 2^53 - 1 */
  #mergeAll(): void {
    this.#gather();
    if (this.#waiting.length === 0) return;
    const merged = this.#merged;
    const next = this.#next;
    const take = (cell: number, isDense: boolean, counts: BucketCounts): void => {
      // Few buckets beside half bytes: those stand as they are, which spares most of the work.
      if (isDense && counts.length <= merged.dense.mostLeft) {
        next.dense.copy(cell, merged.dense);
        next.blocks.putCounts(cell, counts);
        return;
      }
      if (isDense) merged.dense.addTo(counts);
      next.put(cell, counts);
    };
    const keep = (cell: number, isDense: boolean, block: BlockCursor | null): void => {
      if (isDense) next.dense.copy(cell, merged.dense);
      if (block !== null) next.blocks.put(cell, block.bytes, block.start, block.end);
    };
    this.#eachCell(take, keep, true);
    this.#waiting.clear();
    merged.clear();
    this.#next = merged;
    this.#merged = next;
  }

  /** One block a cell; the pages are the caller's. */
  #toBlocks(places: Int32Array | null): SketchBlocks {
    const blocks = new SketchBlocks(this.#room);
    const { dense } = this.#merged;
    this.#eachCell((cell, isDense, counts) => {
      if (isDense) dense.addTo(counts);
      blocks.putCounts(places === null ? cell : places[cell]!, counts);
    });
    return blocks;
  }

  /**
   * Calls `take` for each cell, in order, with the counts of its blocks, which it is to leave empty; where it has half bytes, they
   * are open and count besides.
   * @param keep takes the cells for which nothing waits, as they stand; without it all are counted
   * @param isLast whether the pages of what was merged may be given back as they have been read
   * @throws LF_COUNT as {@link BucketCounts.add}
   */
  #eachCell(
    take: (cell: number, isDense: boolean, counts: BucketCounts) => void,
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
        if (isBlock) counts.addBlock(block.bytes, block.start, block.end);
        for (let k = first; k < last; k++) {
          waiting.goTo(found.pages[order[k]!]!, found.starts[order[k]!]!);
          waiting.addTo(counts);
        }
        take(cell, isDense, counts);
      }
      if (isBlock) block.next();
      if (!isLast) continue;
      if (isDense) dense.release();
      blocks.release(block.page);
    }
  }
}
