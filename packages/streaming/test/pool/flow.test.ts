import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Worker } from "node:worker_threads";
import { tableFromArrays, type RecordBatch } from "apache-arrow";
import { firstValueFrom, lastValueFrom, Observable, take, toArray } from "rxjs";
import { expect, test } from "vitest";
import { foldLoss } from "../../src/fold-loss.ts";
import { createPool, poolFromRunner } from "../../src/pool/create-pool.ts";
import { WorkerPool } from "../../src/pool/worker-pool.ts";
import { StartedWorkers, startWorkers } from "../../src/start-workers.ts";
import { runningLoss } from "../../src/running-loss.ts";
import { platformWorker } from "../../src/worker/spawn.node.ts";
import { figuresOf } from "../figures-of.ts";

const job = { losses: ["mse"], target: "y", prediction: "p" };
const ROWS = 2 ** 17;
const batch = tableFromArrays({ y: new Float32Array(ROWS).fill(1), p: new Float32Array(ROWS).fill(3) })
  .batches[0]!;

test("a source is pulled no further than the credit window while the workers are held", async () => {
  const hold = new Int32Array(new SharedArrayBuffer(4));
  const spawn = () =>
    platformWorker(
      new Worker(new URL("./faulty-worker.mjs", import.meta.url), {
        workerData: { faults: [], left: [], hold },
        execArgv: [],
      }),
    );
  const pool = poolFromRunner(new WorkerPool({ workers: 2, deadline: 30_000, spawn }), "wasm-simd");
  let pulled = 0;
  let tell: () => void;
  const stalled = new Promise<void>((resolve) => (tell = resolve));
  async function* source(): AsyncGenerator<RecordBatch> {
    while (pulled < 40) {
      if (++pulled === 5) tell();
      yield batch;
    }
  }
  const figures = lastValueFrom(runningLoss(source(), { ...job, pool }));
  await stalled;
  // The reader had its turns: nothing but the window kept it from going on.
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
  // Four chunks are out, and one waits to be sent.
  expect(pulled).toBe(5);
  Atomics.store(hold, 0, 1);
  Atomics.notify(hold, 0);
  expect((await figures).rows).toBe(40 * ROWS);
  await pool.close();
});

test("a deadline of any length leaves the workers their time: beyond 24 days timers fired at once", async () => {
  for (const deadline of [2 ** 31, Infinity]) {
    const pool = createPool({ workers: 1, deadline });
    const { rows } = await lastValueFrom(runningLoss([batch], { ...job, pool }));
    expect(rows).toBe(ROWS);
    await pool.close();
  }
});

test("unsubscribing ends the source and leaves the pool free", async () => {
  const pool = createPool({ workers: 2 });
  let ended = false;
  async function* endless(): AsyncGenerator<RecordBatch> {
    try {
      for (;;) yield batch;
    } finally {
      ended = true;
    }
  }
  const some = await lastValueFrom(
    runningLoss(endless(), { ...job, pool, every: 0 }).pipe(take(3), toArray()),
  );
  expect(some.map(({ done, results }) => [done, results[0]!.mean])).toEqual([
    [false, 4],
    [false, 4],
    [false, 4],
  ]);
  await expect.poll(() => ended).toBe(true);
  expect(await figuresOf([batch], { ...job, pool })).toContain('"mean":4');
  await pool.close();
});

test("an AbortSignal ends a job whose source never answers", async () => {
  const pool = createPool({ workers: 1 });
  const abort = new AbortController();
  const silent: AsyncIterable<RecordBatch> = {
    [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }),
  };
  const result = figuresOf(silent, { ...job, pool, signal: abort.signal });
  abort.abort();
  expect(await result).toContain("LF_ABORTED");
  expect(await figuresOf([batch], { ...job, pool, signal: abort.signal })).toContain("LF_ABORTED");
  await pool.close();
});

test("a refused chunk ends the job though the source never answers again", async () => {
  const pool = createPool({ workers: 1 });
  async function* fallsSilent(): AsyncGenerator<RecordBatch> {
    yield tableFromArrays({ y: [0, 0], p: [0.5, 7] }).batches[0]!;
    await new Promise(() => {});
  }
  expect(await figuresOf(fallsSilent(), { ...job, losses: ["bce"], pool })).toBe(
    "LF_PROBABILITY_OUT_OF_RANGE row 1 column p",
  );
  await pool.close();
});

test("cancelling frees a worker that hangs", async () => {
  const faults = [{ kind: "loop", row: 0 }];
  const left = new Int32Array(new SharedArrayBuffer(4)).fill(1);
  const spawn = () =>
    platformWorker(
      new Worker(new URL("./faulty-worker.mjs", import.meta.url), {
        workerData: { faults, left },
        execArgv: [],
      }),
    );
  const pool = poolFromRunner(new WorkerPool({ workers: 1, deadline: 600_000, spawn }), "wasm-simd");
  const abort = new AbortController();
  const hanging = figuresOf([batch], { ...job, pool, signal: abort.signal });
  await expect.poll(() => Atomics.load(left, 0), { timeout: 10_000 }).toBe(0);
  abort.abort();
  expect(await hanging).toContain("LF_ABORTED");
  expect(await figuresOf([batch], { ...job, pool })).toContain('"mean":4');
  await pool.close();
});

test("a slow source has what it gave folded without waiting for more", async () => {
  const pool = createPool({ workers: 1 });
  let release!: () => void;
  const held = new Promise<void>((resolve) => (release = resolve));
  async function* slow(): AsyncGenerator<RecordBatch> {
    yield batch.slice(0, 10);
    await held;
    yield batch.slice(10, 15);
  }
  const snapshots: number[] = [];
  await new Promise<void>((resolve, reject) => {
    runningLoss(slow(), { ...job, pool, every: 0 }).subscribe({
      next: ({ progress }) => {
        snapshots.push(progress.rows);
        release();
      },
      error: reject,
      complete: resolve,
    });
  });
  expect(snapshots).toEqual([10, 15, 15]);
  await pool.close();
});

test("a source that gives a little at a time, never long in coming, has snapshots too", async () => {
  const pool = createPool({ workers: 1 });
  async function* trickling(): AsyncGenerator<RecordBatch> {
    for (let i = 0; i < 400; i++) {
      yield batch.slice(0, 10);
      await new Promise((resolve) => setTimeout(resolve, 3));
    }
  }
  const { rows } = await firstValueFrom(runningLoss(trickling(), { ...job, pool, every: 0 }));
  expect(rows).toBeLessThan(4000);
  await pool.close();
});

test("foldLoss folds a pushed stream, and passes its error on", async () => {
  const pool = createPool({ workers: 1 });
  const pushed = new Observable<RecordBatch>((subscriber) => {
    for (let i = 0; i < 5; i++) subscriber.next(batch);
    subscriber.complete();
  });
  const { rows, done } = await lastValueFrom(pushed.pipe(foldLoss({ ...job, pool })));
  expect([rows, done]).toEqual([5 * ROWS, true]);
  const failing = new Observable<RecordBatch>((subscriber) =>
    subscriber.error(new Error("the producer's own")),
  );
  await expect(firstValueFrom(failing.pipe(foldLoss({ ...job, pool })))).rejects.toThrow(
    "the producer's own",
  );
  await pool.close();
});

test("a process ends by itself, though its pool was never closed", async () => {
  const script = fileURLToPath(new URL("./leaves-pool-open.mjs", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [script], { timeout: 15_000 });
  expect(stdout).toBe("4\n");
});

test("a pool takes over the workers that were started before it, and ends those that it did not need", async () => {
  const started = startWorkers(2);
  const first = started.take()!;
  let asked = 0;
  const spares = new StartedWorkers([
    { ...first, postMessage: (message, buffers) => (asked++, first.postMessage(message, buffers)) },
    started.take()!,
  ]);
  const pool = createPool({ workers: 2, started: spares });
  const { rows } = await lastValueFrom(runningLoss([batch], { ...job, pool }));
  expect(rows).toBe(ROWS);
  expect(asked).toBeGreaterThan(0);
  await pool.close();
  expect(spares.take()).toBeUndefined();
});
