import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RecordBatchFileWriter, tableFromArrays } from "apache-arrow";
import { afterAll, expect, test } from "vitest";
import { PlannedJob } from "../../src/job.ts";
import { createPool } from "../../src/node.ts";
import { runnerOfPool } from "../../src/pool/create-pool.ts";
import { chunkFromBytes, type ChunkReference } from "../../src/remote/chunk-bytes.ts";
import { SegmentCursor } from "../../src/remote/segment-cursor.ts";
import type { FoldResult, FoldTask } from "../../src/worker/fold-task.ts";

const folder = mkdtempSync(join(tmpdir(), "lossflow-at-once-"));
afterAll(() => rmSync(folder, { recursive: true }));

const ROWS = 1_000;

test("tasks that begin at once in a pool of no workers fold the rows that each was given", async () => {
  const path = join(folder, "rows.arrow");
  const writer = new RecordBatchFileWriter();
  for (let b = 0; b < 12; b++) {
    const y = Float32Array.from({ length: ROWS }, (_, i) => Number((i + b) % 3 === 0));
    const p = Float32Array.from({ length: ROWS }, (_, i) => Math.sin(i + b) * b);
    writer.write(tableFromArrays({ y, p }).batches[0]);
  }
  writeFileSync(path, writer.finish().toUint8Array(true));
  await using pool = createPool({ workers: 0, engine: "wasm-simd" });
  const job = { losses: ["bce_logits"], target: "y", prediction: "p", pool };
  const planned = await PlannedJob.open([path], job, 4 * ROWS);
  const cursor = new SegmentCursor(false);
  const tasks: FoldTask[] = [];
  for await (const { bytes } of planned.chunks()) {
    const chunk = chunkFromBytes(bytes) as ChunkReference;
    let { firstRow } = chunk;
    const segments = (await cursor.take(chunk)).map(({ rows, payload }) => {
      firstRow += rows;
      return { source: path, firstRow: firstRow - rows, rows, payload };
    });
    tasks.push({ plan: planned.plan, segments });
  }
  const runner = runnerOfPool(pool);
  const never = new AbortController().signal;
  const alone: FoldResult[] = [];
  for (const task of tasks) alone.push(await runner.run(task, never));
  expect(new Set(alone.map((result) => JSON.stringify(result))).size).toBe(tasks.length);
  expect(await Promise.all(tasks.map((task) => runner.run(task, never)))).toEqual(alone);
  await cursor.close();
});
