import { createPool, runningLoss, type LossJobOptions } from "@lossflow/streaming/node";
import { ChunkFolder, PlannedJob, type ChunkRun, type JobState } from "@lossflow/streaming/job";
import { lastValueFrom } from "rxjs";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import {
  ChunkSet,
  foldPartition,
  mapJob,
  partitionFromBytes,
  type Checkpoint,
  type CheckpointStore,
  type ChunkLog,
  type ChunkQueue,
  type Delivery,
  type LoggedChunk,
} from "../src/index.ts";
import { writeArrowFile } from "./lab/arrow-file.ts";

/** A topic: offsets count from 1, and every third chunk is stored twice, as a producer's second try may be. */
class MemoryLog implements ChunkLog {
  readonly partitions: number;
  readonly #stored: LoggedChunk[][];
  #waiting: (() => void)[] = [];

  constructor(partitions: number) {
    this.partitions = partitions;
    this.#stored = Array.from({ length: partitions }, () => []);
  }

  append(chunk: number, bytes: Uint8Array): Promise<void> {
    const topic = this.#stored[chunk % this.partitions]!;
    for (let times = chunk % 3 === 0 ? 2 : 1; times > 0; times--)
      topic.push({ position: topic.length + 1, chunk, bytes: bytes.slice() });
    for (const wake of this.#waiting.splice(0)) wake();
    return Promise.resolve();
  }

  async *read(partition: number, after: number, signal: AbortSignal): AsyncGenerator<LoggedChunk> {
    const topic = this.#stored[partition]!;
    for (let at = after; !signal.aborted;) {
      if (at < topic.length) yield topic[at++]!;
      else {
        await new Promise<void>((resolve) => {
          this.#waiting.push(resolve);
          signal.addEventListener("abort", () => resolve(), { once: true });
        });
      }
    }
  }
}

/** A consumer group: what is not answered for comes again. */
class MemoryQueue implements ChunkQueue {
  readonly #waiting: { readonly chunk: number; readonly bytes: Uint8Array; attempt: number }[];
  /** Chunks that nobody has answered for. */
  open: number;
  #lost = false;

  constructor(chunks: readonly Uint8Array[]) {
    this.#waiting = chunks.map((bytes, chunk) => ({ chunk, bytes, attempt: 0 }));
    this.open = chunks.length;
  }

  async *take(_most: number, signal: AbortSignal): AsyncGenerator<Delivery> {
    while (!signal.aborted && this.open > 0) {
      const next = this.#waiting.shift();
      if (next === undefined) {
        await new Promise((resolve) => setImmediate(resolve));
        continue;
      }
      const attempt = ++next.attempt;
      const again = (): void => void this.#waiting.push(next);
      yield {
        chunk: next.chunk,
        bytes: next.bytes.slice(),
        attempt,
        done: () => {
          // The first answer is lost on its way.
          if (!this.#lost) again();
          else this.open--;
          this.#lost = true;
        },
        giveBack: again,
      };
    }
  }
}

/** A table with a version in each row. */
class MemoryStore implements CheckpointStore {
  readonly #rows = new Map<string, Checkpoint>();

  load(name: string): Promise<Checkpoint | undefined> {
    return Promise.resolve(this.#rows.get(name));
  }

  save(name: string, bytes: Uint8Array, last: number | undefined): Promise<number> {
    if (this.#rows.get(name)?.revision !== last)
      return Promise.reject(
        Object.assign(new Error("Another has saved it."), { code: "LF_CHECKPOINT_STALE" }),
      );
    const revision = (last ?? 0) + 1;
    this.#rows.set(name, { bytes: bytes.slice(), revision });
    return Promise.resolve(revision);
  }
}

describe("a broker of one's own needs no more than the three interfaces", () => {
  const folder = mkdtempSync(join(tmpdir(), "lossflow-broker-"));
  const file = join(folder, "rows.arrow");
  writeArrowFile(file, 12, 500, 5);
  const pool = createPool({ workers: 0 });
  const job: LossJobOptions = { losses: ["bce_logits", "mse"], target: "y", prediction: "p", by: "g", pool };
  afterAll(() => rmSync(folder, { recursive: true }));

  const chunksOf = async (planned: PlannedJob): Promise<Uint8Array[]> => {
    const chunks: Uint8Array[] = [];
    for await (const { bytes } of planned.chunks()) chunks.push(bytes);
    return chunks;
  };
  const figuresOf = (planned: PlannedJob, state: JobState): unknown =>
    planned.snapshot(state, { workers: 1, elapsedMs: 0 }).results;
  const local = async (): Promise<unknown> => (await lastValueFrom(runningLoss(file, job))).results;

  test("fold: two partitions, chunks stored twice, each partition read by two workers", async () => {
    const planned = await PlannedJob.open([file], job, 1_000);
    const [log, store, stop] = [new MemoryLog(2), new MemoryStore(), new AbortController()];
    const folder = new ChunkFolder(planned.plan, pool);
    const done = new ChunkSet();
    const work = async (partition: number): Promise<void> => {
      const open = (state: Uint8Array | undefined, apart: boolean): ChunkRun =>
        folder.open(state, stop.signal, apart);
      while (!stop.signal.aborted) {
        await foldPartition({ log, store, partition, name: `p${partition}`, open }, stop.signal).catch(
          (error: unknown) => expect(error).toMatchObject({ code: "LF_CHECKPOINT_STALE" }),
        );
      }
    };
    const workers = [0, 1, 0, 1].map((partition) => work(partition));
    const chunks = await chunksOf(planned);
    for (const [chunk, bytes] of chunks.entries()) await log.append(chunk, bytes);
    const state = planned.openState();
    for (let partition = 0; partition < 2; partition++) {
      for (;;) {
        const saved = await store.load(`p${partition}`);
        const found = saved && partitionFromBytes(saved.bytes);
        if (found?.chunks.size === chunks.length / 2) {
          done.addAll(found.chunks);
          state.merge(found.state);
          break;
        }
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    }
    stop.abort();
    await Promise.all(workers);
    expect(done.missing(chunks.length, 1)).toEqual([]);
    expect(figuresOf(planned, state)).toEqual(await local());
  });

  test("map: an answer is lost, a chunk is folded twice and counts once", async () => {
    const planned = await PlannedJob.open([file], job, 1_000);
    const chunks = await chunksOf(planned);
    const [queue, parts, stop] = [new MemoryQueue(chunks), new MemoryLog(1), new AbortController()];
    const folder = new ChunkFolder(planned.plan, pool);
    const fold = (bytes: Uint8Array, signal: AbortSignal): Promise<Uint8Array> => folder.fold(bytes, signal);
    await mapJob({ queue, parts, fold, most: 3 }, stop.signal);
    const [state, done] = [planned.openState(), new ChunkSet()];
    for await (const { chunk, bytes } of parts.read(0, 0, stop.signal)) {
      if (done.add(chunk)) state.add(chunk, bytes);
      if (done.size === chunks.length) stop.abort();
    }
    expect(figuresOf(planned, state)).toEqual(await local());
  });
});
