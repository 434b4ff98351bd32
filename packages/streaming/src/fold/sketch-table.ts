import { QuantileSketch } from "@lossflow/core/running";
import { PairTable } from "../keys/pair-table.ts";
import type { ByteReader } from "./byte-reader.ts";
import type { ByteWriter } from "./byte-writer.ts";
import { BlockCursor, MOST_BUCKET_BYTES, SketchBlock, writeMerged } from "./sketch-block.ts";

/** Blocks of cells, each cell once, in any order: block i ends at `ends[i]` of `bytes`, where the next begins. */
interface Run {
  readonly cells: Int32Array;
  readonly ends: Int32Array;
  readonly bytes: Uint8Array;
}

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
  #runs: Run[] = [];
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
      else for (const one of renumbered(run, at)) this.#push(one);
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
          if (i < 0) continue;
          open(ONE, run, i);
          while (ONE.next()) sketch.addBucket(ONE.bucket, ONE.count);
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
    const [run = EMPTY] = this.#runs;
    out.ints(places === null ? run.cells : run.cells.map((cell) => places[cell]!));
    out.ints(run.ends);
    out.bytes(run.bytes);
  }

  /** Reads the sketches of cells below `end`. The table shares no memory with the bytes. @throws LF_STATE_DAMAGED */
  static read(from: ByteReader, end: number): SketchTable {
    const run = { cells: from.ints().slice(), ends: from.ints().slice(), bytes: from.bytes().slice() };
    const { cells, ends, bytes } = run;
    const seen = new Uint8Array(end);
    const isCell = (cell: number): boolean => cell >= 0 && cell < end && seen[cell]!++ === 0;
    const cursor = new BlockCursor();
    const isBlock = (blockEnd: number, i: number): boolean => {
      const start = startOf(run, i);
      if (!(start < blockEnd && blockEnd <= bytes.length)) return false;
      cursor.open(bytes, start, blockEnd);
      while (cursor.next());
      return !cursor.isDamaged;
    };
    if (
      cells.length !== ends.length ||
      (ends.at(-1) ?? 0) !== bytes.length ||
      !cells.every(isCell) ||
      !ends.every(isBlock)
    )
      throw from.damaged();
    const table = new SketchTable();
    if (cells.length > 0) table.#runs.push(run);
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
  #allRuns(): readonly Run[] {
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

    counting ??= new SketchBlock();
    const writer = new RunWriter(cellCount, MOST_BUCKET_BYTES * length);
    for (let cell = 0; cell < cellCount; cell++) {
      for (let k = starts[cell]!; k < starts[cell + 1]!; k++)
        counting.add(this.#pairs.rightAt(sorted[k]!), this.#counts[sorted[k]!]!);
      if (starts[cell]! < starts[cell + 1]!) writer.putCounts(cell, counting);
    }
    this.#pairs.clear();
    this.#counts.fill(0);
    this.#push(writer.done());
  }

  #push(run: Run): void {
    if (run.cells.length === 0) return;
    this.#runs.push(run);
    while (this.#runs.length > 1 && this.#runs.at(-2)!.bytes.length <= 2 * this.#runs.at(-1)!.bytes.length)
      this.#mergeLast();
  }

  #mergeLast(): void {
    const [b, a] = [this.#runs.pop()!, this.#runs.pop()!];
    this.#runs.push(merged(a, b));
  }
}

const EMPTY: Run = { cells: new Int32Array(0), ends: new Int32Array(0), bytes: new Uint8Array(0) };

/** One of each for all tables of a thread: they hold nothing between calls. */
let counting: SketchBlock | undefined;
const ONE = new BlockCursor();
const OTHER = new BlockCursor();

function open(cursor: BlockCursor, run: Run, i: number): void {
  cursor.open(run.bytes, startOf(run, i), run.ends[i]!);
}

/** Writes the blocks of a run one after the other. */
class RunWriter {
  readonly #cells: Int32Array;
  readonly #ends: Int32Array;
  readonly #bytes: Uint8Array;
  #length = 0;
  #at = 0;

  constructor(mostCells: number, mostBytes: number) {
    this.#cells = new Int32Array(mostCells);
    this.#ends = new Int32Array(mostCells);
    this.#bytes = new Uint8Array(mostBytes);
  }

  /** Writes the block of what was counted. */
  putCounts(cell: number, counts: SketchBlock): void {
    this.#end(cell, counts.write(this.#bytes, this.#at));
  }

  /** Writes block i of a run as it is. */
  put(cell: number, run: Run, i: number): void {
    const block = run.bytes.subarray(startOf(run, i), run.ends[i]);
    this.#bytes.set(block, this.#at);
    this.#end(cell, this.#at + block.length);
  }

  /** Writes the block of all that blocks i and k hold. */
  putMerged(cell: number, one: Run, i: number, other: Run, k: number): void {
    open(ONE, one, i);
    open(OTHER, other, k);
    this.#end(cell, writeMerged(ONE, OTHER, this.#bytes, this.#at));
  }

  done(): Run {
    const cells = this.#cells.subarray(0, this.#length);
    const ends = this.#ends.subarray(0, this.#length);
    return { cells, ends, bytes: this.#bytes.subarray(0, this.#at) };
  }

  #end(cell: number, at: number): void {
    this.#cells[this.#length] = cell;
    this.#ends[this.#length++] = this.#at = at;
  }
}

function startOf({ ends }: Run, i: number): number {
  return i === 0 ? 0 : ends[i - 1]!;
}

/** For each cell the number of its block, plus 1; 0 where it has none. */
function placesOf({ cells }: Run): Int32Array {
  let end = 0;
  for (const cell of cells) end = Math.max(end, cell + 1);
  const places = new Int32Array(end);
  for (let i = 0; i < cells.length; i++) places[cells[i]!] = i + 1;
  return places;
}

/** @returns what both hold, each cell once. */
function merged(a: Run, b: Run): Run {
  const places = placesOf(b);
  const writer = new RunWriter(a.cells.length + b.cells.length, a.bytes.length + b.bytes.length);
  for (let i = 0; i < a.cells.length; i++) {
    const cell = a.cells[i]!;
    const k = (places[cell] ?? 0) - 1;
    if (k < 0) writer.put(cell, a, i);
    else {
      writer.putMerged(cell, a, i, b, k);
      places[cell] = 0;
    }
  }
  for (let k = 0; k < b.cells.length; k++) if (places[b.cells[k]!] !== 0) writer.put(b.cells[k]!, b, k);
  return writer.done();
}

/** @returns runs of what the run holds, cell i as cell `at[i]`, left out where that is negative: several where cells become one. */
function renumbered(run: Run, at: Int32Array): Run[] {
  const runs: Run[] = [];
  let left = Array.from(run.cells.keys()).filter((i) => at[run.cells[i]!]! >= 0);
  while (left.length > 0) {
    const seen = new Set<number>();
    const first: number[] = [];
    const more: number[] = [];
    for (const i of left) (seen.size < seen.add(at[run.cells[i]!]!).size ? first : more).push(i);
    if (first.length === run.cells.length) runs.push({ ...run, cells: run.cells.map((cell) => at[cell]!) });
    else {
      const writer = new RunWriter(first.length, run.bytes.length);
      for (const i of first) writer.put(at[run.cells[i]!]!, run, i);
      runs.push(writer.done());
    }
    left = more;
  }
  return runs;
}
