import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import {
  makeVector,
  RecordBatchFileWriter,
  Table,
  tableFromArrays,
  Utf8,
  vectorFromArray,
  type RecordBatch,
  type Vector,
} from "apache-arrow";

/** Integers of 32 bits, texts of 14 characters, integers past 2^53. */
export type Keys = "int" | "text" | "long";

const KEYS: Readonly<Record<Keys, (numbers: Int32Array) => Vector>> = {
  int: (numbers) => makeVector(numbers),
  text: (numbers) =>
    vectorFromArray(
      Array.from(numbers, (n) => `customer-${String(n).padStart(5, "0")}`),
      new Utf8(),
    ),
  long: (numbers) => makeVector(BigInt64Array.from(numbers, (n) => 2n ** 53n + 1n + 1_000_003n * BigInt(n))),
};

const BATCH_ROWS = 2 ** 20;
/** Batches that differ; a longer table repeats them, since making numbers takes longer than writing them. */
const DISTINCT = 4;

/**
 * Writes an Arrow IPC file of two float32 columns: targets `y` of 0 or 1, predictions `p` that are logits; where there are
 * to be `groups`, with as many keys in a column `g`.
 */
export async function writeTable(
  path: string,
  rows: number,
  groups: number = 0,
  keys: Keys = "int",
): Promise<void> {
  let state = 1;
  const unit = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return ((state >>> 8) + 0.5) / 2 ** 24;
  };
  const distinct = Array.from({ length: DISTINCT }, () => {
    const y = Float32Array.from({ length: BATCH_ROWS }, () => (unit() < 0.5 ? 1 : 0));
    const p = Float32Array.from({ length: BATCH_ROWS }, () => 4 * (unit() + unit() + unit() - 1.5));
    if (groups === 0) return tableFromArrays({ y, p }).batches[0]!;
    const g = Int32Array.from({ length: BATCH_ROWS }, () => Math.floor(groups * unit()));
    return new Table({ y: makeVector(y), p: makeVector(p), g: KEYS[keys](g) }).batches[0]!;
  });
  function* batches(): Generator<RecordBatch> {
    for (let at = 0, i = 0; at < rows; at += BATCH_ROWS, i++)
      yield distinct[i % DISTINCT]!.slice(0, Math.min(BATCH_ROWS, rows - at));
  }
  await pipeline(
    Readable.from(RecordBatchFileWriter.writeAll(batches()) as AsyncIterable<Uint8Array>),
    createWriteStream(path),
  );
}
