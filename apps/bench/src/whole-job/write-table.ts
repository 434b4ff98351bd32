import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { RecordBatchFileWriter, tableFromArrays, type RecordBatch } from "apache-arrow";

const BATCH_ROWS = 2 ** 20;
/** Batches that differ; a longer table repeats them, since making numbers takes longer than writing them. */
const DISTINCT = 4;

/**
 * Writes an Arrow IPC file of two float32 columns: targets `y` of 0 or 1, predictions `p` that are logits; where there are
 * to be `groups`, with as many integers in a column `g`.
 */
export async function writeTable(path: string, rows: number, groups: number = 0): Promise<void> {
  let state = 1;
  const unit = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return ((state >>> 8) + 0.5) / 2 ** 24;
  };
  const distinct = Array.from({ length: DISTINCT }, () => {
    const y = Float32Array.from({ length: BATCH_ROWS }, () => (unit() < 0.5 ? 1 : 0));
    const p = Float32Array.from({ length: BATCH_ROWS }, () => 4 * (unit() + unit() + unit() - 1.5));
    const g = Int32Array.from({ length: BATCH_ROWS }, () => Math.floor(groups * unit()));
    return tableFromArrays(groups === 0 ? { y, p } : { y, p, g }).batches[0]!;
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
