import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RecordBatchFileWriter, tableFromArrays, tableToIPC, type RecordBatch } from "apache-arrow";
import { afterAll, expect, test } from "vitest";
import { ChunkFolder, PlannedJob } from "../../src/job.ts";
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

test("a folder is its files, by reference, and a file on a server is sent", async () => {
  const parts = join(folder, "parts");
  mkdirSync(parts);
  const bytes = tableToIPC(tableFromArrays({ y: new Float32Array(3), p: new Float32Array(3) }), "file");
  for (const name of ["part-10.arrow", "part-2.arrow"]) writeFileSync(join(parts, name), bytes);
  await using pool = createPool({ workers: 0 });
  const options = { losses: ["mse"], target: "y", prediction: "p", pool };
  const ofFolder = await PlannedJob.open([parts], options);
  expect(ofFolder.byReference).toBe(true);
  const rows: number[] = [];
  for await (const chunk of ofFolder.chunks()) rows.push(chunk.rows);
  expect(rows).toEqual([3, 3]);

  const server = createServer((_, response) => response.end(bytes));
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  try {
    const { port } = server.address() as AddressInfo;
    const ofServer = await PlannedJob.open([`http://127.0.0.1:${port}/rows.arrow`], options);
    expect(ofServer.byReference).toBe(false);
    for await (const chunk of ofServer.chunks()) expect(chunk.rows).toBe(3);
  } finally {
    server.close();
  }
});

test("files of both kinds are sent, in any order, and their rows are those of one process", async () => {
  const columns = { y: Float32Array.of(1, 2), p: Float32Array.of(3, 5) };
  const arrow = join(folder, "mixed.arrow");
  const csv = join(folder, "mixed.csv");
  writeFileSync(arrow, tableToIPC(tableFromArrays(columns), "file"));
  writeFileSync(csv, "p,y\n0.5,7\n");
  await using pool = createPool({ workers: 0 });
  const options = { losses: ["mse"], target: "y", prediction: "p", pool };
  for (const files of [
    [arrow, csv],
    [csv, arrow],
  ]) {
    const planned = await PlannedJob.open(files, options);
    expect(planned.byReference).toBe(false);
    const folder = new ChunkFolder(planned.plan, pool);
    const state = planned.openState();
    let chunk = 0;
    for await (const { bytes } of planned.chunks())
      state.add(chunk++, await folder.fold(bytes, AbortSignal.timeout(10_000)));
    const { rows, results } = planned.snapshot(state, { workers: 0, elapsedMs: 1 });
    expect([rows, results[0]!.sum]).toEqual([3, 4 + 9 + 6.5 * 6.5]);
    await folder.close();
  }
});
