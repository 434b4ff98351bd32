import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createPool, type LossJobOptions } from "@lossflow/streaming/node";
import { ChunkFolder, PlannedJob, type JobState } from "@lossflow/streaming/job";
import { expect, onTestFinished } from "vitest";
import { submitJob } from "../../src/job/submit-job.ts";
import { Jobs } from "../../src/job/job-record.ts";
import { connectNats, type Nats } from "../../src/nats/connect.ts";
import type { Design } from "../../src/nats/job-streams.ts";
import { writeArrowFile } from "./arrow-file.ts";
import { NatsLab, type NatsLabOptions } from "./nats-lab.ts";
import { WorkerProcess, type WorkerReport } from "./worker-process.ts";

/** What is done to a job while it runs. */
export interface Fault extends NatsLabOptions {
  readonly design: Design;
  readonly chunks: number;
  /** Rows of a chunk. */
  readonly rows: number;
  readonly workers?: number;
  readonly lab?: NatsLab;
  /** Does its worst; called when some chunks are in. */
  readonly during?: (running: RunningJob) => Promise<void>;
  /** Wraps what is planned, to send chunks more than once. */
  readonly resend?: (running: RunningJob, planned: PlannedJob) => Promise<void>;
}

export interface RunningJob {
  readonly lab: NatsLab;
  readonly nats: Nats;
  /** Of its streams. */
  readonly key: () => string;
  readonly chunks: number;
  readonly workers: WorkerProcess[];
  /** Chunks whose results are in. */
  readonly done: () => number;
  /** Whether the test is over, in time or not. */
  readonly ended: () => boolean;
  /** Milliseconds until another chunk comes in; 0 where all are. */
  readonly recovery: () => Promise<number>;
}

const NEVER = new AbortController().signal;
const PATIENCE = 120_000;
/** A job without a new result for this long is looked into. */
const STANDSTILL = 20_000;

/**
 * Runs a job while something goes wrong, and expects what a single process gives: every row once, the bits of every sum,
 * the bytes of the whole state. Prints what happened.
 */
export async function expectSameStateUnder(name: string, fault: Fault): Promise<void> {
  const path = fileOf(fault);
  await using pool = createPool({ workers: 0, engine: "js" });
  const job: LossJobOptions = {
    losses: ["bce_logits", "log_cosh", "focal_logits"],
    target: "y",
    prediction: "p",
    pool,
  };
  const plan = (): Promise<PlannedJob> => PlannedJob.open([path], job, 2 * fault.rows);
  const expected = await expectedDigest(fault, plan, pool);
  const lab = fault.lab ?? (await NatsLab.start(fault));
  const nats = await connectNats({ servers: lab.url });
  const replicas = lab.servers.length === 1 ? 1 : 3;
  // In turn with a thread of their own and in the one that reads.
  const workers = Array.from(
    { length: fault.workers ?? 2 },
    (_, i) => new WorkerProcess(lab.url, replicas, i % 2),
  );
  const end = new AbortController();
  // Whatever became of it, a time limit included, nothing is left running.
  onTestFinished(async () => {
    end.abort();
    await Promise.all(workers.map((worker) => worker.kill()));
    await nats.close();
    await lab.close();
  });
  const id = name.replaceAll(/\W+/g, "-");
  const reached = { done: 0 };
  let key = "";
  const running: RunningJob = {
    lab,
    nats,
    key: () => key,
    chunks: fault.chunks,
    workers,
    done: () => reached.done,
    ended: () => end.signal.aborted,
    recovery: async () => {
      const began = performance.now();
      const before = reached.done;
      const late = (): boolean => end.signal.aborted || performance.now() - began > PATIENCE;
      let said = false;
      while (reached.done === before && before < fault.chunks && !late()) {
        await sleep(20);
        if (said || performance.now() - began < STANDSTILL) continue;
        said = true;
        await describeStandstill(lab, key);
      }
      return Math.round(performance.now() - began);
    },
  };
  const began = performance.now();
  const planned = await plan();
  const submitted = submitJob(planned, {
    nats,
    id,
    design: fault.design,
    limits: { replicas, maxBytes: 2 ** 28 },
    partitions: 8,
    signal: end.signal,
    patience: PATIENCE,
    onProgress: (progress) => (reached.done = progress.done),
  });
  const worst = (async () => {
    while (reached.done < fault.chunks / 10 && !end.signal.aborted) await sleep(20);
    key = (await (await Jobs.open(nats, replicas, NEVER)).get(id, NEVER))?.key ?? "";
    await fault.resend?.(running, await plan());
    await fault.during?.(running);
  })();
  const [outcome] = await Promise.all([submitted, worst]);
  const seconds = (performance.now() - began) / 1000;
  const reports = await Promise.all(workers.map((worker) => worker.end()));
  const rows = fault.chunks * fault.rows;
  console.log(
    `${name}: ${rows} rows, ${seconds.toFixed(1)} s, state ${digest(outcome.state)}, workers at most ${peakOf(reports)} MB`,
  );
  expect(outcome).toMatchObject({ missing: [], chunks: fault.chunks, done: fault.chunks, rows });
  expect(digest(outcome.state)).toBe(expected);
  for (const report of reports) expect(report?.peakMegabytes ?? 0).toBeLessThan(400);
}

/** Prints what each server says of a job that stands still. */
async function describeStandstill(lab: NatsLab, key: string): Promise<void> {
  for (const server of lab.servers) {
    const streams = await server.streams().catch(String);
    if (typeof streams === "string") console.log(`  ${server.address}:${server.port}: ${streams}`);
    else
      for (const each of streams.filter(({ name }) => name.includes(key)))
        console.log(`  ${JSON.stringify(each)}`);
  }
}

const folder = mkdtempSync(join(tmpdir(), "lossflow-fault-"));
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
const expectedDigests = new Map<string, Promise<string>>();

/** The rows of a size, written once. */
function fileOf({ chunks, rows }: Fault): string {
  const path = join(folder, `${chunks}-${rows}.arrow`);
  if (!existsSync(path)) writeArrowFile(path, chunks, rows, 7);
  return path;
}

/** What a single process makes of them, found once. */
function expectedDigest(
  { chunks, rows }: Fault,
  plan: () => Promise<PlannedJob>,
  pool: LossJobOptions["pool"],
): Promise<string> {
  const size = `${chunks} ${rows}`;
  let expected = expectedDigests.get(size);
  if (expected === undefined) {
    expected = plan().then(async (planned) => digest(await stateInOneProcess(planned, pool)));
    expectedDigests.set(size, expected);
  }
  return expected;
}

async function stateInOneProcess(planned: PlannedJob, pool: LossJobOptions["pool"]): Promise<JobState> {
  const state = planned.openState();
  const folder = new ChunkFolder(planned.plan, pool);
  let chunk = 0;
  for await (const { bytes } of planned.chunks()) state.add(chunk++, await folder.fold(bytes, NEVER));
  await folder.close();
  return state;
}

function digest(state: JobState): string {
  return createHash("sha256").update(state.toBytes()).digest("hex").slice(0, 16);
}

function peakOf(reports: readonly (WorkerReport | undefined)[]): number {
  return Math.max(0, ...reports.map((report) => report?.peakMegabytes ?? 0));
}
