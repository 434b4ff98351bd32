import type { QuantileSketch } from "@lossflow/core/running";
import { BlockCursor, type SketchBlock, writeMerged } from "./sketch-block.ts";

/** Blocks of cells, each cell once, in any order: block i ends at `ends[i]` of `bytes`, where the next begins. */
export interface SketchRun {
  readonly cells: Int32Array;
  readonly ends: Int32Array;
  readonly bytes: Uint8Array;
}

/** Writes the blocks of a run one after the other. */
export class RunWriter {
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
  put(cell: number, run: SketchRun, i: number): void {
    const block = run.bytes.subarray(startOf(run, i), run.ends[i]);
    this.#bytes.set(block, this.#at);
    this.#end(cell, this.#at + block.length);
  }

  /** Writes the block of all that blocks i and k hold. */
  putMerged(cell: number, one: SketchRun, i: number, other: SketchRun, k: number): void {
    open(ONE, one, i);
    open(OTHER, other, k);
    this.#end(cell, writeMerged(ONE, OTHER, this.#bytes, this.#at));
  }

  done(): SketchRun {
    const cells = this.#cells.subarray(0, this.#length);
    const ends = this.#ends.subarray(0, this.#length);
    return { cells, ends, bytes: this.#bytes.subarray(0, this.#at) };
  }

  #end(cell: number, at: number): void {
    this.#cells[this.#length] = cell;
    this.#ends[this.#length++] = this.#at = at;
  }
}

/** Adds what block i holds to a sketch. */
export function addBlock(sketch: QuantileSketch, run: SketchRun, i: number): void {
  open(ONE, run, i);
  while (ONE.next()) sketch.addBucket(ONE.bucket, ONE.count);
}

/** Whether arrays that were read are a run of cells below `end`. */
export function isRun(run: SketchRun, end: number): boolean {
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
  return (
    cells.length === ends.length &&
    (ends.at(-1) ?? 0) === bytes.length &&
    cells.every(isCell) &&
    ends.every(isBlock)
  );
}

/** For each cell the number of its block, plus 1; 0 where it has none. */
export function placesOf({ cells }: SketchRun): Int32Array {
  let end = 0;
  for (const cell of cells) end = Math.max(end, cell + 1);
  const places = new Int32Array(end);
  for (let i = 0; i < cells.length; i++) places[cells[i]!] = i + 1;
  return places;
}

/** @returns what both hold, each cell once. */
export function mergeRuns(a: SketchRun, b: SketchRun): SketchRun {
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
export function renumberRun(run: SketchRun, at: Int32Array): SketchRun[] {
  const runs: SketchRun[] = [];
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

/** Where block i begins. */
function startOf({ ends }: SketchRun, i: number): number {
  return i === 0 ? 0 : ends[i - 1]!;
}

/** Two for all runs of a thread: they hold nothing between calls. */
const ONE = new BlockCursor();
const OTHER = new BlockCursor();

function open(cursor: BlockCursor, run: SketchRun, i: number): void {
  cursor.open(run.bytes, startOf(run, i), run.ends[i]!);
}
