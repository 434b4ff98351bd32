import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { tableFromArrays } from "apache-arrow";
import { rolldown } from "rolldown";
import { lastValueFrom } from "rxjs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { poolFromRunner, type Pool } from "../../src/pool/create-pool.ts";
import { createPool } from "../../src/pool/create-pool.ts";
import { WorkerPool } from "../../src/pool/worker-pool.ts";
import { runningLoss } from "../../src/running-loss.ts";
import { platformWorker } from "../../src/worker/spawn.node.ts";
import { figuresOf } from "../figures-of.ts";
import { SEED, seededRandom } from "../seeded-random.ts";

const TASK_ROWS = 131072;
const TASKS = 5;

// The worker in one file, as the real one is in few: of its hundred modules, in a hundred workers, most of the time went.
const folder = mkdtempSync(join(tmpdir(), "lossflow-faults-"));
const FAULTY_WORKER = join(folder, "faulty-worker.mjs");
beforeAll(async () => {
  const input = fileURLToPath(new URL("./faulty-worker.mjs", import.meta.url));
  const bundle = await rolldown({ input, platform: "node" });
  await bundle.write({ file: FAULTY_WORKER, codeSplitting: false });
  await bundle.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Fault {
  readonly kind: "throw" | "throw outside" | "exit" | "loop" | "silence" | "memory" | "load" | "death after";
  /** The first row of the task that it strikes. */
  readonly row: number;
  readonly times: number;
}

/** A pool of real workers that fail where they are told to. */
function faultyPool(workers: number, faults: readonly Fault[]): { pool: Pool; started: () => number } {
  const left = new Int32Array(new SharedArrayBuffer(4 * Math.max(1, faults.length)));
  faults.forEach(({ times }, i) => (left[i] = times));
  let started = 0;
  const spawn = () => {
    started++;
    return platformWorker(
      new Worker(FAULTY_WORKER, {
        workerData: { faults, left },
        execArgv: [],
        resourceLimits: { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 2 },
      }),
    );
  };
  return {
    pool: poolFromRunner(new WorkerPool({ workers, deadline: 1500, spawn }), "wasm-simd"),
    started: () => started,
  };
}

function bigTable() {
  const random = seededRandom(SEED);
  const numbers = () =>
    Float32Array.from({ length: TASKS * TASK_ROWS }, () => random() * 2 ** (40 * random()));
  return tableFromArrays({ y: numbers(), p: numbers() });
}

const table = bigTable();
const job = { losses: ["mse", "mae"], target: "y", prediction: "p" };
const due = (async () => {
  const pool = createPool({ workers: 0 });
  return figuresOf(table, { ...job, pool });
})();

describe.each(["throw", "throw outside", "exit", "loop", "silence", "memory", "death after"] as const)(
  "a worker that fails by: %s",
  (kind) => {
    test("has its chunk tried again on a fresh one; the figures are exact and nothing counts twice", async () => {
      const faults = [
        { kind, row: TASK_ROWS, times: 2 },
        { kind, row: 3 * TASK_ROWS, times: 1 },
      ];
      const { pool, started } = faultyPool(2, faults);
      expect(await figuresOf(table, { ...job, pool })).toBe(await due);
      expect(started()).toBeGreaterThan(kind === "death after" ? 1 : 2);
      await pool.close();
    });
  },
);

test("workers that fail to load are tried again", async () => {
  const { pool } = faultyPool(2, [{ kind: "load", row: -1, times: 2 }]);
  expect(await figuresOf(table, { ...job, pool })).toBe(await due);
  await pool.close();
});

test("a chunk on which three workers failed is named", async () => {
  const { pool } = faultyPool(2, [{ kind: "exit", row: 2 * TASK_ROWS, times: 3 }]);
  const failure: unknown = await lastValueFrom(runningLoss(table, { ...job, pool })).catch(
    (error: unknown) => error,
  );
  expect(failure).toMatchObject({ code: "LF_CHUNK_FAILED", row: 2 * TASK_ROWS });
  expect((failure as Error).message).toContain(`rows ${2 * TASK_ROWS} to ${3 * TASK_ROWS - 1}`);
  // The pool has fresh workers for the next job.
  expect(await figuresOf(table, { ...job, pool })).toBe(await due);
  await pool.close();
});

test("a chunk on which three workers failed is left out and named, where that is asked for", async () => {
  const { pool } = faultyPool(2, [{ kind: "exit", row: 2 * TASK_ROWS, times: 3 }]);
  const { rows, progress, quarantined, results } = await lastValueFrom(
    runningLoss(table, { ...job, quarantine: true, pool }),
  );
  expect(quarantined).toEqual([
    {
      source: "table",
      from: 2 * TASK_ROWS,
      to: 3 * TASK_ROWS,
      why: "A worker failed: it ended with code 7.",
    },
  ]);
  expect([rows, progress.rows]).toEqual([(TASKS - 1) * TASK_ROWS, TASKS * TASK_ROWS]);
  const [batch] = table.batches;
  const others = [batch!.slice(0, 2 * TASK_ROWS), batch!.slice(3 * TASK_ROWS)];
  const due = await lastValueFrom(runningLoss(others, { ...job, pool: createPool({ workers: 0 }) }));
  for (const [i, result] of results.entries()) {
    const { sum, mean, count, missing, ignored } = due.results[i]!;
    expect(result).toMatchObject({ sum, mean, count, missing, ignored });
  }
  await pool.close();
});

test("none is named where no worker failed thrice", async () => {
  const { pool } = faultyPool(2, [{ kind: "exit", row: 2 * TASK_ROWS, times: 2 }]);
  const { quarantined } = await lastValueFrom(runningLoss(table, { ...job, quarantine: true, pool }));
  expect(quarantined).toEqual([]);
  await pool.close();
});

test(
  "faults of every kind at random chunks, one after another, leave the figures exact",
  { timeout: 60_000 },
  async () => {
    const random = seededRandom(SEED + 1);
    const kinds = ["throw", "throw outside", "exit", "memory", "death after", "silence", "loop"] as const;
    for (let round = 0; round < 3; round++) {
      const faults = Array.from({ length: TASKS }, (_, i) => ({
        kind: kinds[Math.floor(random() * (round === 0 ? kinds.length : kinds.length - 2))]!,
        row: i * TASK_ROWS,
        times: Math.floor(3 * random()),
      }));
      const { pool } = faultyPool(1 + Math.floor(3 * random()), faults);
      const figures = await figuresOf(table, { ...job, pool });
      expect(`${JSON.stringify(faults)} ${figures}`).toBe(`${JSON.stringify(faults)} ${await due}`);
      await pool.close();
    }
  },
);

test("workers that die after every chunk are laid to none of them", async () => {
  const deaths = Array.from({ length: TASKS }, (_, i) => ({
    kind: "death after" as const,
    row: i * TASK_ROWS,
    times: 1,
  }));
  // With two failures of its own the third chunk has no retry left for a death that is not its own.
  const poison = { kind: "exit", row: 3 * TASK_ROWS, times: 2 } as const;
  for (const workers of [1, 2]) {
    const { pool } = faultyPool(workers, [poison, ...deaths]);
    expect(await figuresOf(table, { ...job, pool })).toBe(await due);
    await pool.close();
  }
});

test("the death of all workers at once is survived", async () => {
  const faults = Array.from({ length: TASKS }, (_, i) => ({
    kind: "exit" as const,
    row: i * TASK_ROWS,
    times: 1,
  }));
  const { pool, started } = faultyPool(2, faults);
  expect(await figuresOf(table, { ...job, pool })).toBe(await due);
  expect(started()).toBeGreaterThanOrEqual(TASKS);
  await pool.close();
});

test("a pool that is closed refuses what runs in it", async () => {
  const pool = createPool({ workers: 1 });
  const result = figuresOf(table, { ...job, pool });
  await pool.close();
  expect(await result).toContain("LF_POOL_CLOSED");
});
