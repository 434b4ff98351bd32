import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { createPool, fileSource, runningLoss, streamSource, type Snapshot } from "@lossflow/streaming/node";
import { PlannedJob } from "@lossflow/streaming/job";
import { lastValueFrom } from "rxjs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { submitJob, type JobOutcome } from "../../src/job/submit-job.ts";
import { connectNats, type Nats } from "../../src/nats/connect.ts";
import { runWorker } from "../../src/worker/run-worker.ts";
import { arrowStreamBytes, writeArrowFile } from "../lab/arrow-file.ts";
import { NatsLab } from "../lab/nats-lab.ts";

const LIMITS = { replicas: 1, maxBytes: 2 ** 28 };
/** One batch a chunk: 1,000 rows of three columns. */
const CHUNK_NUMBERS = 3_000;
const JOB = { losses: ["bce_logits", "mse"], target: "y", prediction: "p", by: "g", top: 3 };

describe("a job on servers has the bits of one in one process", () => {
  const folder = mkdtempSync(join(tmpdir(), "lossflow-job-"));
  const files = ["a.arrow", "b.arrow"].map((name) => join(folder, name));
  const pool = createPool({ workers: 0 });
  const stop = new AbortController();
  let lab: NatsLab;
  let nats: Nats;
  let worker: Promise<void>;
  let local: Snapshot;

  beforeAll(async () => {
    files.forEach((file, i) => writeArrowFile(file, 12, 1_000, i));
    local = await lastValueFrom(runningLoss(files, { ...JOB, pool }));
    lab = await NatsLab.start();
    nats = await connectNats({ servers: lab.url });
    worker = runWorker({ nats, pool, signal: stop.signal });
  });
  afterAll(async () => {
    stop.abort();
    await worker;
    await nats.close();
    await lab.close();
    rmSync(folder, { recursive: true });
  });

  const submit = (planned: PlannedJob, id: string, design: "map" | "fold"): Promise<JobOutcome> =>
    submitJob(planned, {
      nats,
      id,
      design,
      limits: LIMITS,
      partitions: 4,
      signal: new AbortController().signal,
      patience: 10_000,
    });
  const figures = ({ rows, results }: Snapshot): unknown => ({ rows, results });

  test.each(["map", "fold"] as const)("%s, by reference to two files", async (design) => {
    const planned = await PlannedJob.open(files, { ...JOB, pool }, CHUNK_NUMBERS);
    expect(planned.byReference).toBe(true);
    const outcome = await submit(planned, `reference-${design}`, design);
    expect(outcome).toMatchObject({ missing: [], done: 24, chunks: 24, rows: 24_000 });
    const snapshot = planned.snapshot(outcome.state, { workers: 1, elapsedMs: 1 });
    expect(figures(snapshot)).toEqual(figures(local));
  });

  test("fold, by value from a stream", async () => {
    const bytes = arrowStreamBytes(12, 1_000, 0);
    const source = streamSource(
      Readable.from([bytes.subarray(0, 999), bytes.subarray(999)]),
      "standard input",
    );
    const planned = await PlannedJob.open([source], { ...JOB, pool }, CHUNK_NUMBERS);
    expect(planned.byReference).toBe(false);
    const outcome = await submit(planned, "value", "fold");
    const one = await lastValueFrom(runningLoss(bytes, { ...JOB, pool }));
    const snapshot = planned.snapshot(outcome.state, { workers: 1, elapsedMs: 1 });
    const named = JSON.stringify(figures(one)).replaceAll('"bytes"', '"standard input"');
    expect(figures(snapshot)).toEqual(JSON.parse(named));
  });

  test("fold, by value of files that workers cannot be told of", async () => {
    const planned = await PlannedJob.open(
      files.map((file) => fileSource(file)),
      { ...JOB, pool },
      CHUNK_NUMBERS / 3,
    );
    expect(planned.byReference).toBe(false);
    const outcome = await submit(planned, "value-of-files", "fold");
    expect(outcome).toMatchObject({ missing: [], rows: 24_000 });
    expect(outcome.chunks).toBeGreaterThan(24);
    expect(figures(planned.snapshot(outcome.state, { workers: 1, elapsedMs: 1 }))).toEqual(figures(local));
  });

  test.each(["map", "fold"] as const)(
    "%s: the refusal is that of the earliest row, as in one process",
    async (design) => {
      const job = { ...JOB, losses: ["bce"], pool };
      const planned = await PlannedJob.open(files, job, CHUNK_NUMBERS);
      const outcome = await submit(planned, `refusal-${design}`, design);
      expect(outcome).toMatchObject({ missing: [], done: 24 });
      const refusal = await lastValueFrom(runningLoss(files, job)).catch((error: unknown) => error);
      expect(() => planned.snapshot(outcome.state, { workers: 1, elapsedMs: 1 })).toThrow(
        String(refusal).slice(15),
      );
    },
  );

  test.each(["map", "fold"] as const)(
    "%s: a source that cannot be read is told of after the rows before it, as in one process",
    async (design) => {
      const sources = [...files, join(folder, "nowhere.arrow")];
      for (const [losses, code] of [
        [["bce"], "LF_PROBABILITY_OUT_OF_RANGE"],
        [["mse"], "LF_NOT_FOUND"],
      ] as const) {
        const job = { ...JOB, losses, pool };
        const alone = await lastValueFrom(runningLoss(sources, job)).catch((error: unknown) => error);
        expect(alone).toMatchObject({ code });
        const planned = await PlannedJob.open(sources, job, CHUNK_NUMBERS);
        await expect(submit(planned, `missing-${design}`, design)).rejects.toMatchObject({
          code,
          message: (alone as Error).message,
        });
      }
    },
  );
});

test.each(["map", "fold", "by value"] as const)(
  "%s, over a server that takes messages of 64 KiB alone",
  async (way) => {
    const folder = mkdtempSync(join(tmpdir(), "lossflow-small-"));
    const path = join(folder, "rows.arrow");
    writeArrowFile(path, 12, 1_000, 7);
    const pool = createPool({ workers: 0 });
    const options = { ...JOB, window: { rows: 20 }, quantiles: [0.5], pool };
    const stop = new AbortController();
    const lab = await NatsLab.start({ access: "max_payload: 65536\n" });
    const nats = await connectNats({ servers: lab.url });
    const worker = runWorker({ nats, pool, signal: stop.signal });
    try {
      const source = way === "by value" ? streamSource(Readable.from([readFileSync(path)]), "rows") : path;
      const planned = await PlannedJob.open([source], options);
      const outcome = await submitJob(planned, {
        nats,
        id: "small",
        design: way === "map" ? "map" : "fold",
        limits: LIMITS,
        partitions: 2,
        signal: new AbortController().signal,
        patience: 10_000,
      });
      expect(outcome.missing).toEqual([]);
      const local = await lastValueFrom(runningLoss(path, options));
      expect(planned.snapshot(outcome.state, { workers: 1, elapsedMs: 0 }).results[0]!.sum).toBe(
        local.results[0]!.sum,
      );
    } finally {
      stop.abort();
      await worker;
      await nats.close();
      await lab.close();
      rmSync(folder, { recursive: true });
    }
  },
);
