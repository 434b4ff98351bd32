import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RecordBatchFileWriter, tableFromArrays } from "apache-arrow";
import { lastValueFrom } from "rxjs";
import { afterAll, expect, test } from "vitest";
import { ChunkFolder, PlannedJob } from "../../src/job.ts";
import { createPool, runningLoss, type LossJobOptions } from "../../src/node.ts";

const folder = mkdtempSync(join(tmpdir(), "lossflow-at-once-"));
afterAll(() => rmSync(folder, { recursive: true }));

const BATCHES = 160;
const ROWS = 400;
const files = [1, 2, 3, 4, 5, 6].map((seed) => {
  const writer = new RecordBatchFileWriter();
  for (let b = 0; b < BATCHES; b++) {
    const y = Float32Array.from({ length: ROWS }, (_, i) => Number((i * seed + b) % 3 === 0));
    const p = Float32Array.from({ length: ROWS }, (_, i) => Math.sin(i * seed + b) * seed);
    writer.write(tableFromArrays({ y, p }).batches[0]!);
  }
  const path = join(folder, `${seed}.arrow`);
  writeFileSync(path, writer.finish().toUint8Array(true));
  return path;
});

test.each([0, 2])(
  "chunks of several files, folded all at once by %i workers, are each what they say",
  async (workers) => {
    await using pool = createPool({ workers, engine: "wasm-simd" });
    const job: LossJobOptions = { losses: ["bce_logits"], target: "y", prediction: "p", pool };
    const local = await lastValueFrom(runningLoss(files, job));
    const planned = await PlannedJob.open(files, job, 256 * ROWS);
    const chunks: { readonly chunk: number; readonly bytes: Uint8Array }[] = [];
    for await (const { bytes } of planned.chunks()) chunks.push({ chunk: chunks.length, bytes });
    const never = new AbortController().signal;
    for (const order of [chunks, chunks.toReversed()]) {
      const folder = new ChunkFolder(planned.plan, pool);
      const state = planned.openState();
      await Promise.all(
        order.map(async ({ chunk, bytes }) => state.add(chunk, await folder.fold(bytes, never))),
      );
      await folder.close();
      expect(planned.snapshot(state, { workers, elapsedMs: 0 }).results).toEqual(local.results);
    }
  },
);
