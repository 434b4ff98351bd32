import { writeFileSync } from "node:fs";
import {
  RecordBatchFileWriter,
  RecordBatchStreamWriter,
  tableFromArrays,
  type RecordBatch,
} from "apache-arrow";

/** Uniform numbers from 0 to 1, the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Batches of labels, logits of magnitudes that no naive sum holds together, and a few groups. */
export function* seededBatches(
  batches: number,
  rows: number,
  seed: number,
  width: number = 30,
): Generator<RecordBatch> {
  const random = seededRandom(seed);
  for (let b = 0; b < batches; b++) {
    const y = Float32Array.from({ length: rows }, () => (random() < 0.3 ? 1 : 0));
    const p = Float32Array.from({ length: rows }, () => (random() - 0.5) * 2 ** Math.floor(random() * width));
    const g = Int32Array.from({ length: rows }, () => Math.floor(random() * 5));
    yield tableFromArrays({ y, p, g }).batches[0]!;
  }
}

/** Writes them as an Arrow IPC file; `width` is the binary order of magnitude of the widest logits. */
export function writeArrowFile(
  path: string,
  batches: number,
  rows: number,
  seed: number,
  width: number = 30,
): void {
  const writer = new RecordBatchFileWriter();
  for (const batch of seededBatches(batches, rows, seed, width)) writer.write(batch);
  writeFileSync(path, writer.finish().toUint8Array(true));
}

/** The same as the bytes of an Arrow IPC stream. */
export function arrowStreamBytes(batches: number, rows: number, seed: number): Uint8Array {
  const writer = new RecordBatchStreamWriter();
  for (const batch of seededBatches(batches, rows, seed)) writer.write(batch);
  return writer.finish().toUint8Array(true);
}
