import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createPool, fileSource, runningLoss, type TableSource } from "@lossflow/streaming/node";
import { PlannedJob } from "@lossflow/streaming/job";
import { lastValueFrom } from "rxjs";
import { expect, test } from "vitest";
import { submitJob, type JobOutcome } from "../../src/job/submit-job.ts";
import { connectNats } from "../../src/nats/connect.ts";
import { seededRandom, writeArrowFile } from "../lab/arrow-file.ts";
import { NatsLab } from "../lab/nats-lab.ts";
import { WorkerProcess } from "../lab/worker-process.ts";

const ROUNDS = 3;
const BATCHES = 160;
const BATCH_ROWS = 65_536;
const TEXT_ROWS = 2_000_000;
const ONE = ["bce_logits"];
const THREE = ["bce_logits", "log_cosh", "focal_logits"];

/** What is evaluated: a file that is read so often in a row that beginning does not count. */
interface Work {
  readonly file: string;
  readonly rows: number;
  readonly times: number;
  readonly losses: readonly string[];
  readonly quantiles?: readonly number[];
}

/** What a run took: CPU seconds of whoever folds, seconds on the clock, and the means, which all must share. */
interface Run {
  readonly cpu: number;
  readonly wall: number;
  readonly means: readonly unknown[];
}

const folder = mkdtempSync(join(tmpdir(), "lossflow-rates-"));
const arrow = join(folder, "rows.arrow");
const csv = join(folder, "rows.csv");

test("what workers and servers cost, in CPU seconds of the same run", { timeout: 900_000 }, async () => {
  // Logits as models give them.
  writeArrowFile(arrow, BATCHES, BATCH_ROWS, 3, 5);
  writeText(csv);
  const columns = { file: arrow, rows: BATCHES * BATCH_ROWS };
  const byReference = { ...columns, times: 240, losses: ONE };
  const fast = { ...columns, times: 48, losses: ONE };
  const slower = { ...columns, times: 6, losses: THREE };
  const spread = { ...columns, times: 12, losses: ["mse"], quantiles: [0.5, 0.99] };
  const text = { file: csv, rows: TEXT_ROWS, times: 4, losses: ONE };
  const measured = {
    "one process, BCE over an Arrow file": () => local(byReference),
    "by reference, one worker": () => remote(byReference, 1),
    "by reference, two workers": () => remote(byReference, 2),
    "one process, BCE over float32, less of it": () => local(fast),
    "by value, BCE over float32": () => remote(fast, 1, "value"),
    "one process, three losses over float32": () => local(slower),
    "by value, three losses over float32": () => remote(slower, 1, "value"),
    "one process, MSE and its quantiles over float32": () => local(spread),
    "by value, MSE and its quantiles over float32": () => remote(spread, 1, "value"),
    "one process, BCE over CSV": () => local(text),
    "by value, BCE over CSV": () => remote(text, 1),
  };
  const rowsOf = [
    byReference,
    byReference,
    byReference,
    fast,
    fast,
    slower,
    slower,
    spread,
    spread,
    text,
    text,
  ];
  const runs = Object.keys(measured).map((): Run[] => []);
  for (let round = 0; round < ROUNDS; round++)
    for (const [i, run] of Object.values(measured).entries()) runs[i]!.push(await run());

  const of = (i: number, what: "cpu" | "wall"): number => median(runs[i]!.map((run) => run[what]));
  for (const [i, name] of Object.keys(measured).entries()) {
    const rows = (rowsOf[i]!.rows * rowsOf[i]!.times) / 1e6;
    console.log(
      `${name}: ${(rows / of(i, "cpu")).toFixed(1)} million rows a CPU second, ${(rows / of(i, "wall")).toFixed(1)} a second`,
    );
  }
  const ratio = (what: "cpu" | "wall", a: number, b: number): string =>
    (of(a, what) / of(b, what)).toFixed(2);
  console.log(`by reference / one process, CPU:                ${ratio("cpu", 0, 1)}`);
  console.log(`two workers / one, by reference, clock:         ${ratio("wall", 1, 2)}`);
  console.log(`by value / one process, CPU, BCE over float32:  ${ratio("cpu", 3, 4)}`);
  console.log(`by value / one process, CPU, three losses:      ${ratio("cpu", 5, 6)}`);
  console.log(`by value / one process, CPU, MSE, quantiles:    ${ratio("cpu", 7, 8)}`);
  console.log(`by value / one process, CPU, BCE over CSV:      ${ratio("cpu", 9, 10)}`);
  for (const group of [
    [0, 1, 2],
    [3, 4],
    [5, 6],
    [7, 8],
    [9, 10],
  ])
    for (const i of group)
      for (const { means } of runs[i]!) expect(means).toEqual(runs[group[0]!]![0]!.means);
  rmSync(folder, { recursive: true });
});

/** One process with one worker, as `lossflow eval --workers 1`. */
async function local({ file, times, losses, quantiles }: Work): Promise<Run> {
  const job = { losses: [...losses], target: "y", prediction: "p", quantiles };
  await using pool = createPool({ workers: 1, engine: "wasm-simd" });
  await lastValueFrom(runningLoss(file, { ...job, pool }));
  const before = process.cpuUsage();
  const began = performance.now();
  const files = Array.from({ length: times }, () => file);
  const { results } = await lastValueFrom(runningLoss(files, { ...job, pool, every: Infinity }));
  const { user, system } = process.cpuUsage(before);
  const wall = (performance.now() - began) / 1000;
  return { cpu: (user + system) / 1e6, wall, means: results.map(({ mean }) => mean) };
}

/** Worker processes of one core each: they fold in the thread that reads, as `lossflow worker --workers 0`. */
async function remote(
  { file, times, losses, quantiles }: Work,
  workers: number,
  how?: "value",
): Promise<Run> {
  const lab = await NatsLab.start();
  const nats = await connectNats({ servers: lab.url });
  const pool = createPool({ workers: 0, engine: "wasm-simd" });
  const processes = Array.from({ length: workers }, () => new WorkerProcess(lab.url, 1, 0, "wasm-simd"));
  try {
    await sleep(1_500);
    const plan = (often: number): Promise<PlannedJob> => {
      const sources = Array.from({ length: often }, (): string | TableSource =>
        how === "value" ? fileSource(file) : file,
      );
      return PlannedJob.open(sources, { losses: [...losses], target: "y", prediction: "p", quantiles, pool });
    };
    const submit = (planned: PlannedJob): Promise<JobOutcome> =>
      submitJob(planned, {
        nats,
        id: "rates",
        design: planned.byReference ? "map" : "fold",
        limits: { replicas: 1, maxBytes: 2 ** 33 },
        partitions: 16,
        signal: new AbortController().signal,
        patience: 60_000,
      });
    // Workers tell what their last job took: code that has not run yet is slow, here as in one process.
    await submit(await plan(1));
    const planned = await plan(times);
    const began = performance.now();
    const outcome = await submit(planned);
    const wall = (performance.now() - began) / 1000;
    expect(outcome.missing).toEqual([]);
    const reports = await Promise.all(processes.map((worker) => worker.end()));
    const { results } = planned.snapshot(outcome.state, { workers, elapsedMs: 1 });
    const cpu = reports.reduce((sum, report) => sum + report!.cpuSeconds, 0);
    return { cpu, wall, means: results.map(({ mean }) => mean) };
  } finally {
    await Promise.all(processes.map((worker) => worker.kill()));
    await pool.close();
    await nats.close();
    await lab.close();
  }
}

/** Labels and logits of six digits as text. */
function writeText(path: string): void {
  const random = seededRandom(4);
  const lines = Array.from(
    { length: TEXT_ROWS },
    () => `${random() < 0.3 ? 1 : 0},${((random() - 0.5) * 2 ** Math.floor(random() * 5)).toFixed(6)}\n`,
  );
  writeFileSync(path, `y,p\n${lines.join("")}`);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
