import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RecordBatchFileWriter, tableFromArrays, type RecordBatch } from "apache-arrow";
import { afterAll, expect, test } from "vitest";
import { PlannedJob } from "../../src/job.ts";
import { createPool, fileSource } from "../../src/node.ts";
import { batchesSource } from "../../src/source/batches-source.ts";
import type { TableSource } from "../../src/source/table-source.ts";

const folder = mkdtempSync(join(tmpdir(), "lossflow-planned-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** What a message holds at most. */
const MESSAGE = 960 * 1024;
const ROWS = 65_536;

test("chunks by value of float32 columns are a message each: of a file nearly full, of a stream a batch", async () => {
  const columns = { y: new Float32Array(ROWS), p: new Float32Array(ROWS).fill(0.5) };
  const batches = Array.from({ length: 10 }, (): RecordBatch => tableFromArrays(columns).batches[0]!);
  const writer = new RecordBatchFileWriter();
  for (let b = 0; b < 10; b++) writer.write(tableFromArrays(columns).batches[0]);
  const path = join(folder, "rows.arrow");
  writeFileSync(path, writer.finish().toUint8Array(true));
  await using pool = createPool({ workers: 0 });
  const sizesOf = async (source: TableSource): Promise<number[]> => {
    const planned = await PlannedJob.open([source], { losses: ["mse"], target: "y", prediction: "p", pool });
    const chunks: { readonly bytes: Uint8Array; readonly rows: number }[] = [];
    for await (const chunk of planned.chunks()) chunks.push(chunk);
    expect(chunks.reduce((sum, { rows }) => sum + rows, 0)).toBe(10 * ROWS);
    return chunks.map(({ bytes }) => bytes.length);
  };
  const ofFile = await sizesOf(fileSource(path));
  expect(Math.max(...ofFile)).toBeLessThan(MESSAGE);
  expect(Math.min(...ofFile.slice(0, -1))).toBeGreaterThan(0.8 * MESSAGE);
  const ofStream = await sizesOf(batchesSource(batches, "batches"));
  expect(ofStream).toHaveLength(10);
  expect(Math.max(...ofStream)).toBeLessThan(MESSAGE);
});
