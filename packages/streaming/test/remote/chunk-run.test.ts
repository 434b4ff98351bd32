import { tableFromArrays, type RecordBatch } from "apache-arrow";
import { describe, expect, test } from "vitest";
import { ChunkFolder, JobState, PlannedJob, type ChunkRun } from "../../src/job.ts";
import { createPool, type LossJobOptions, type Pool } from "../../src/node.ts";
import { batchesSource } from "../../src/source/batches-source.ts";
import { seededRandom } from "../seeded-random.ts";

const NEVER = new AbortController().signal;
const ROWS = 700;
const CHUNKS = 9;

/** Chunks of labels, logits, a few of them far out, and groups; `bad` is a row whose label no loss takes. */
async function planOf(
  options: Omit<LossJobOptions, "pool">,
  pool: Pool,
  bad?: number,
): Promise<{ plan: string; chunks: Uint8Array[]; figures: (state: Uint8Array) => unknown }> {
  const random = seededRandom(11);
  const batches = Array.from({ length: CHUNKS }, (_, b): RecordBatch => {
    const y = Float32Array.from({ length: ROWS }, (_, i) =>
      b * ROWS + i === bad ? 7 : Number(random() < 0.3),
    );
    const p = Float32Array.from(
      { length: ROWS },
      () => (random() - 0.5) * 2 ** (random() < 0.01 ? 120 : 20 * random()),
    );
    const g = Int32Array.from({ length: ROWS }, () => Math.floor(random() * 40));
    return tableFromArrays({ y, p, g }).batches[0]!;
  });
  const planned = await PlannedJob.open([batchesSource(batches, "batches")], { ...options, pool }, ROWS);
  const chunks: Uint8Array[] = [];
  for await (const { bytes } of planned.chunks()) chunks.push(bytes);
  const figures = (state: Uint8Array): unknown =>
    planned.snapshot(JobState.open(planned.plan, state), { workers: 0, elapsedMs: 1 });
  return { plan: planned.plan, chunks, figures };
}

/** Adds chunks in an order of its own; each few the state is written, and now and then gone on with by another. */
async function stateOf(
  chunks: readonly Uint8Array[],
  folder: ChunkFolder,
  apart: boolean,
  order: (chunk: number) => number = (chunk) => chunk,
  every: number = CHUNKS,
): Promise<Uint8Array> {
  let run: ChunkRun = folder.open(undefined, NEVER, apart);
  for (let i = 0; i < chunks.length; i++) {
    const chunk = order(i);
    await run.add(chunk, chunks[chunk]!);
    if ((i + 1) % every !== 0) continue;
    const bytes = run.toBytes();
    if (i % 2 === 0) continue;
    run.close();
    run = folder.open(bytes, NEVER, apart);
  }
  const bytes = run.toBytes();
  run.close();
  return bytes;
}

const COLUMNS = { target: "y", prediction: "p" };
const JOBS: Record<string, Omit<LossJobOptions, "pool">> = {
  "one loss": { losses: ["bce_logits"], ...COLUMNS },
  "three losses": { losses: ["bce_logits", "log_cosh", "focal_logits"], ...COLUMNS },
  "groups, the highest and quantiles": { losses: ["mse"], by: "g", top: 3, quantiles: [0.5], ...COLUMNS },
  windows: { losses: ["mae", "bce_logits"], window: { rows: 1_000 }, ...COLUMNS },
};

describe.each(["js", "wasm-simd"] as const)("a run of chunks comes to what chunks apart do: %s", (engine) => {
  test.each(Object.keys(JOBS))("%s", async (name) => {
    await using pool = createPool({ workers: 0, engine });
    const { plan, chunks, figures } = await planOf(JOBS[name]!, pool);
    const folder = new ChunkFolder(plan, pool);
    const apart = await stateOf(chunks, folder, true);
    for (const run of [
      await stateOf(chunks, folder, false),
      await stateOf(chunks, folder, false, (chunk) => (chunk * 4) % CHUNKS, 2),
    ]) {
      expect(figures(run)).toEqual(figures(apart));
      // The sums of groups and windows are kept in more ways than one.
      if (name.includes("loss")) expect(run).toEqual(apart);
    }
  });

  test("a refused chunk spoils the run, and is part of the state where it is added apart", async () => {
    await using pool = createPool({ workers: 0, engine });
    const { plan, chunks } = await planOf(JOBS["one loss"]!, pool, 4 * ROWS + 650);
    const folder = new ChunkFolder(plan, pool);
    const run = folder.open(undefined, NEVER, false);
    for (let chunk = 0; chunk < 4; chunk++) await run.add(chunk, chunks[chunk]!);
    await expect(run.add(4, chunks[4]!)).rejects.toMatchObject({ code: "LF_STATE_SPOILT" });
    run.close();
    const state = new TextDecoder().decode(await stateOf(chunks, folder, true));
    expect(state).toContain(`row ${4 * ROWS + 650}`);
  });

  test("more runs than kernels have sums for", async () => {
    await using pool = createPool({ workers: 0, engine });
    const { plan, chunks } = await planOf(JOBS["three losses"]!, pool);
    const folder = new ChunkFolder(plan, pool);
    const expected = await stateOf(chunks, folder, true);
    const runs = Array.from({ length: 30 }, () => folder.open(undefined, NEVER, false));
    for (const [chunk, bytes] of chunks.entries()) for (const run of runs) await run.add(chunk, bytes);
    for (const run of runs) {
      expect(run.toBytes()).toEqual(expected);
      run.close();
    }
    // What they held is free again.
    expect(await stateOf(chunks, folder, false)).toEqual(expected);
  });
});
