import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  createPool,
  fileSource,
  runningLoss,
  type LossJobOptions,
  type TableSource,
} from "@lossflow/streaming/node";
import { PlannedJob } from "@lossflow/streaming/job";
import { lastValueFrom } from "rxjs";
import { expect, test } from "vitest";
import { submitJob } from "../../src/job/submit-job.ts";
import { connectNats } from "../../src/nats/connect.ts";
import { writeArrowFile } from "../lab/arrow-file.ts";
import { NatsLab } from "../lab/nats-lab.ts";
import { WorkerProcess } from "../lab/worker-process.ts";

const ROUNDS = 3;
const BATCHES = 160;
const ROWS = 65_536;
/** A file is read this often in a row: what is measured is folding, not beginning. */
const BY_REFERENCE = 256;
const BY_VALUE = 8;
const JOB = { losses: ["bce_logits"], target: "y", prediction: "p" };

/** What a run took: CPU seconds of whoever folds, seconds on the clock, and the mean, which all must share. */
interface Run {
  readonly cpu: number;
  readonly wall: number;
  readonly mean: unknown;
}

test("what workers and servers cost, in CPU seconds of the same run", { timeout: 600_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "lossflow-rates-"));
  const path = join(folder, "rows.arrow");
  // Logits as models give them.
  writeArrowFile(path, BATCHES, ROWS, 3, 5);
  const files = (times: number): string[] => Array.from({ length: times }, () => path);
  const values = (times: number): TableSource[] => files(times).map((file) => fileSource(file));

  const local = async (times: number, workers: number): Promise<Run> => {
    await using pool = createPool({ workers, engine: "wasm-simd" });
    await lastValueFrom(runningLoss(path, { ...JOB, pool }));
    const before = process.cpuUsage();
    const began = performance.now();
    const { results } = await lastValueFrom(runningLoss(files(times), { ...JOB, pool, every: Infinity }));
    const { user, system } = process.cpuUsage(before);
    return { cpu: (user + system) / 1e6, wall: (performance.now() - began) / 1000, mean: results[0]!.mean };
  };

  const remote = async (sources: readonly (string | TableSource)[], workers: number): Promise<Run> => {
    const lab = await NatsLab.start();
    const nats = await connectNats({ servers: lab.url });
    const pool = createPool({ workers: 0, engine: "wasm-simd" });
    const processes = Array.from({ length: workers }, () => new WorkerProcess(lab.url, 1, 0, "wasm-simd"));
    try {
      await sleep(1_500);
      const options: LossJobOptions = { ...JOB, pool };
      const planned = await PlannedJob.open(sources, options);
      const began = performance.now();
      const outcome = await submitJob(planned, {
        nats,
        id: "rates",
        design: planned.byReference ? "map" : "fold",
        limits: { replicas: 1, maxBytes: 2 ** 32 },
        partitions: 16,
        signal: new AbortController().signal,
        patience: 60_000,
      });
      const wall = (performance.now() - began) / 1000;
      const reports = await Promise.all(processes.map((worker) => worker.end()));
      const { results } = planned.snapshot(outcome.state, { workers, elapsedMs: 1 });
      return {
        cpu: reports.reduce((sum, report) => sum + report!.cpuSeconds, 0),
        wall,
        mean: results[0]!.mean,
      };
    } finally {
      await Promise.all(processes.map((worker) => worker.kill()));
      await pool.close();
      await nats.close();
      await lab.close();
    }
  };

  const runs = { local: [], reference: [], two: [], localFew: [], value: [] } as Record<string, Run[]>;
  for (let round = 0; round < ROUNDS; round++) {
    runs["local"]!.push(await local(BY_REFERENCE, 1));
    runs["reference"]!.push(await remote(files(BY_REFERENCE), 1));
    runs["two"]!.push(await remote(files(BY_REFERENCE), 2));
    runs["localFew"]!.push(await local(BY_VALUE, 1));
    runs["value"]!.push(await remote(values(BY_VALUE), 1));
  }
  const of = (name: string, what: "cpu" | "wall"): number => median(runs[name]!.map((run) => run[what]));
  const rows = BATCHES * ROWS;
  const said = (name: string, times: number): string =>
    `${((rows * times) / of(name, "cpu") / 1e6).toFixed(0)} million rows a CPU second, ${((rows * times) / of(name, "wall") / 1e6).toFixed(0)} a second`;
  console.log(`one process:            ${said("local", BY_REFERENCE)}`);
  console.log(`by reference, 1 worker: ${said("reference", BY_REFERENCE)}`);
  console.log(`by reference, 2:        ${said("two", BY_REFERENCE)}`);
  console.log(`by value, 1 worker:     ${said("value", BY_VALUE)}`);
  console.log(`by reference / one process, CPU: ${(of("local", "cpu") / of("reference", "cpu")).toFixed(2)}`);
  console.log(`by value / one process, CPU:     ${(of("localFew", "cpu") / of("value", "cpu")).toFixed(2)}`);
  console.log(`two workers / one, clock:        ${(of("reference", "wall") / of("two", "wall")).toFixed(2)}`);
  for (const name of ["local", "reference", "two"])
    for (const { mean } of runs[name]!) expect(mean).toBe(runs["local"]![0]!.mean);
  for (const { mean } of runs["value"]!) expect(mean).toBe(runs["localFew"]![0]!.mean);
  rmSync(folder, { recursive: true });
});

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
