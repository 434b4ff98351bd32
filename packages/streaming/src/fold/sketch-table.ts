import { QuantileSketch } from "@lossflow/core/running";
import { PairTable } from "../keys/pair-table.ts";
import { GrowingInts } from "../keys/growing-ints.ts";
import type { ByteReader } from "./byte-reader.ts";
import type { ByteWriter } from "./byte-writer.ts";

/**
 * Keeps the quantile sketches of many cells as one list of (cell, bucket, count), some 30 bytes each: counts of the
 * evaluated, unweighted losses, NaN left out. Any order of adding and merging gives the same sketches.
 */
export class SketchTable {
  readonly #pairs: PairTable;
  #counts: Float64Array;
  readonly #buckets: QuantileSketch = new QuantileSketch();

  constructor(pairs: PairTable = new PairTable(), counts: Float64Array = new Float64Array(64)) {
    this.#pairs = pairs;
    this.#counts = counts;
  }

  /** Adds loss i to cell `at[i]`, for 0 <= i < count; a negative cell leaves it out. Without `at` all go to cell 0. */
  addArray(at: Int32Array | null, losses: Float64Array, count: number): void {
    for (let i = 0; i < count; i++) {
      const loss = losses[i]!;
      const cell = at === null ? 0 : at[i]!;
      if (cell >= 0 && !Number.isNaN(loss)) this.#add(cell, this.#buckets.bucketOf(loss), 1);
    }
  }

  /** Adds cell i of `other` to cell `at[i]`, left out where that is negative. Without `at` cells keep their numbers. */
  merge(other: SketchTable, at: Int32Array | null): void {
    for (let i = 0; i < other.#pairs.length; i++) {
      const from = other.#pairs.leftAt(i);
      const cell = at === null ? from : at[from]!;
      if (cell >= 0) this.#add(cell, other.#pairs.rightAt(i), other.#counts[i]!);
    }
  }

  /**
   * Gives a reader of the table as it stands: it makes the sketch of all losses in some cells. Those of many cells at
   * once would take several times the memory of the table.
   */
  reader(): (cells: readonly number[]) => QuantileSketch {
    const { length } = this.#pairs;
    let cellCount = 0;
    for (let i = 0; i < length; i++) cellCount = Math.max(cellCount, this.#pairs.leftAt(i) + 1);
    // Where the pairs of each cell end in `sorted`, once they have been put there from the last to the first.
    const ends = new Int32Array(cellCount + 1);
    for (let i = 0; i < length; i++) ends[this.#pairs.leftAt(i)]!++;
    for (let cell = 1; cell <= cellCount; cell++) ends[cell]! += ends[cell - 1]!;
    const sorted = new Int32Array(length);
    const starts = ends.slice();
    for (let i = length - 1; i >= 0; i--) sorted[--starts[this.#pairs.leftAt(i)]!] = i;
    return (cells) => {
      const sketch = new QuantileSketch();
      for (const cell of cells) {
        if (cell >= cellCount) continue;
        for (let k = starts[cell]!; k < ends[cell]!; k++)
          sketch.addBucket(this.#pairs.rightAt(sorted[k]!), this.#counts[sorted[k]!]!);
      }
      return sketch;
    };
  }

  /** Takes all losses out; the room stays. */
  clear(): void {
    this.#pairs.clear();
    this.#counts.fill(0);
  }

  /** `places` says which cell each is written as; without it cells keep their numbers. */
  write(out: ByteWriter, places: Int32Array | null): void {
    const { length } = this.#pairs;
    const cells = Int32Array.from({ length }, (_, i) => {
      const cell = this.#pairs.leftAt(i);
      return places === null ? cell : places[cell]!;
    });
    out.ints(cells);
    out.ints(Int32Array.from({ length }, (_, i) => this.#pairs.rightAt(i)));
    out.doubles(this.#counts.subarray(0, length));
  }

  /** Reads the sketches of cells below `end`. @throws LF_STATE_DAMAGED */
  static read(from: ByteReader, end: number): SketchTable {
    const cells = from.ints();
    const buckets = from.ints();
    const counts = from.doubles();
    const areHere =
      cells.every((cell) => cell >= 0 && cell < end) && buckets.every((b) => Math.abs(b) <= MOST_BUCKET);
    const areCounts = counts.every((count) => Number.isSafeInteger(count) && count > 0);
    if (!areHere || !areCounts || cells.length !== buckets.length || cells.length !== counts.length)
      throw from.damaged();
    return new SketchTable(new PairTable(GrowingInts.of(cells), GrowingInts.of(buckets)), counts);
  }

  #add(cell: number, bucket: number, count: number): void {
    const id = this.#pairs.idOf(cell, bucket);
    if (id >= this.#counts.length) {
      const counts = new Float64Array(Math.max(64, 2 * id));
      counts.set(this.#counts);
      this.#counts = counts;
    }
    this.#counts[id]! += count;
  }
}

/** The bucket of Infinity: its upper word without the 13 bits that no bucket keeps. */
const MOST_BUCKET = 0x7ff00000 >>> 13;
