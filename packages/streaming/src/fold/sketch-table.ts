import { QuantileSketch } from "@lossflow/core/running";
import { PairTable } from "../keys/pair-table.ts";
import type { ByteReader } from "./byte-reader.ts";
import type { ByteWriter } from "./byte-writer.ts";
import { MOST_BUCKET_BYTES, SketchBlock } from "./sketch-block.ts";
import {
  addBlock,
  isRun,
  mergeRuns,
  placesOf,
  renumberRun,
  RunWriter,
  type SketchRun,
} from "./sketch-run.ts";

/** Pairs of cell and bucket that are counted before they become a run: no more than caches hold. */
const MOST_PAIRS = 2 ** 16;

/**
 * Keeps the quantile sketches of many cells: counts of the evaluated, unweighted losses by bucket, NaN left out. Any order of
 * adding and merging gives the same sketches.
 *
 * New losses are counted in a table by cell and bucket; when it is full, it becomes a run of packed blocks, two or three bytes a
 * bucket, where the table takes thirty. Runs are merged with the one before unless that is more than twice as long, so that they
 * are few and each bucket is written again a few times only.
 */
export class SketchTable {
  readonly #pairs: PairTable = new PairTable();
  #counts: Float64Array = new Float64Array(64);
  #runs: SketchRun[] = [];
  readonly #buckets: QuantileSketch = new QuantileSketch();

  /** Adds loss i to cell `at[i]`, for 0 <= i < count; a negative cell leaves it out. Without `at` all go to cell 0. */
  addArray(at: Int32Array | null, losses: Float64Array, count: number): void {
    for (let i = 0; i < count; i++) {
      const loss = losses[i]!;
      const cell = at === null ? 0 : at[i]!;
      if (cell >= 0 && !Number.isNaN(loss)) this.#add(cell, this.#buckets.bucketOf(loss));
    }
  }

  /** Adds cell i of `other` to cell `at[i]`, left out where that is negative. Without `at` cells keep their numbers. */
  merge(other: SketchTable, at: Int32Array | null): void {
    for (const run of other.#allRuns()) {
      if (at === null) this.#push(run);
      else for (const one of renumberRun(run, at)) this.#push(one);
    }
  }

  /** Gives a reader of the table as it stands: it makes the sketch of all losses in some cells. */
  reader(): (cells: readonly number[]) => QuantileSketch {
    const runs = this.#allRuns().map((run) => ({ run, places: placesOf(run) }));
    return (cells) => {
      const sketch = new QuantileSketch();
      for (const cell of cells) {
        for (const { run, places } of runs) {
          const i = (places[cell] ?? 0) - 1;
          if (i >= 0) addBlock(sketch, run, i);
        }
      }
      return sketch;
    };
  }

  /** Takes all losses out; the room stays. */
  clear(): void {
    this.#pairs.clear();
    this.#counts.fill(0);
    this.#runs = [];
  }

  /** `places` says which cell each is written as; without it cells keep their numbers. */
  write(out: ByteWriter, places: Int32Array | null): void {
    this.#flush();
    while (this.#runs.length > 1) this.#mergeLast();
    const [run = new RunWriter(0, 0).done()] = this.#runs;
    out.ints(places === null ? run.cells : run.cells.map((cell) => places[cell]!));
    out.ints(run.ends);
    out.bytes(run.bytes);
  }

  /** Reads the sketches of cells below `end`. The table shares no memory with the bytes. @throws LF_STATE_DAMAGED */
  static read(from: ByteReader, end: number): SketchTable {
    const run = { cells: from.ints().slice(), ends: from.ints().slice(), bytes: from.bytes().slice() };
    if (!isRun(run, end)) throw from.damaged();
    const table = new SketchTable();
    if (run.cells.length > 0) table.#runs.push(run);
    return table;
  }

  #add(cell: number, bucket: number): void {
    const id = this.#pairs.idOf(cell, bucket);
    if (id >= this.#counts.length) {
      const counts = new Float64Array(2 * id);
      counts.set(this.#counts);
      this.#counts = counts;
    }
    this.#counts[id]! += 1;
    if (id + 1 >= MOST_PAIRS) this.#flush();
  }

  /** The runs as they stand: others may come, these stay as they are. */
  #allRuns(): readonly SketchRun[] {
    this.#flush();
    return this.#runs.slice();
  }

  /** Makes a run of what was counted. */
  #flush(): void {
    const { length } = this.#pairs;
    if (length === 0) return;
    let cellCount = 0;
    for (let i = 0; i < length; i++) cellCount = Math.max(cellCount, this.#pairs.leftAt(i) + 1);
    // Where the pairs of each cell begin in `sorted`, once they have been put there from the last to the first.
    const starts = new Int32Array(cellCount + 1);
    for (let i = 0; i < length; i++) starts[this.#pairs.leftAt(i)]!++;
    for (let cell = 1; cell <= cellCount; cell++) starts[cell]! += starts[cell - 1]!;
    const sorted = new Int32Array(length);
    for (let i = length - 1; i >= 0; i--) sorted[--starts[this.#pairs.leftAt(i)]!] = i;

    block ??= new SketchBlock();
    const writer = new RunWriter(cellCount, MOST_BUCKET_BYTES * length);
    for (let cell = 0; cell < cellCount; cell++) {
      for (let k = starts[cell]!; k < starts[cell + 1]!; k++)
        block.add(this.#pairs.rightAt(sorted[k]!), this.#counts[sorted[k]!]!);
      if (starts[cell]! < starts[cell + 1]!) writer.putCounts(cell, block);
    }
    this.#pairs.clear();
    this.#counts.fill(0);
    this.#push(writer.done());
  }

  #push(run: SketchRun): void {
    if (run.cells.length === 0) return;
    this.#runs.push(run);
    while (this.#runs.length > 1 && this.#runs.at(-2)!.bytes.length <= 2 * this.#runs.at(-1)!.bytes.length)
      this.#mergeLast();
  }

  #mergeLast(): void {
    const merged = mergeRuns(this.#runs.at(-2)!, this.#runs.at(-1)!);
    this.#runs.splice(-2, 2, merged);
  }
}

/** One for all tables of a thread: it holds nothing between calls. */
let block: SketchBlock | undefined;
