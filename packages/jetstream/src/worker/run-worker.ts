import { setTimeout as sleep } from "node:timers/promises";
import { randomUUID } from "node:crypto";
import { isLossflowError } from "@lossflow/core";
import { arithmeticOf, ChunkFolder, type ChunkRun } from "@lossflow/streaming/job";
import type { Pool } from "@lossflow/streaming";
import { Leases } from "../fold/lease.ts";
import { openChunks, openParts } from "../job/job-logs.ts";
import { Jobs, type JobRecord } from "../job/job-record.ts";
import type { Nats } from "../nats/connect.ts";
import { jobNames } from "../nats/job-names.ts";
import { NatsCheckpointStore } from "../nats/nats-checkpoint-store.ts";
import { NatsChunkQueue } from "../nats/nats-chunk-queue.ts";
import { foldJob } from "./fold-job.ts";
import { mapJob } from "./map-job.ts";

/** How a worker works. */
export interface WorkerOptions {
  readonly nats: Nats;
  /** Folds the chunks. Belongs to the caller. */
  readonly pool: Pool;
  /** Ends the work in order: what is folded is saved, what is not is given back. */
  readonly signal: AbortSignal;
  /** Copies of what workers keep between them. Default 1. */
  readonly replicas?: number;
  /** Told what happens, a sentence each. */
  readonly tell?: ((sentence: string) => void) | undefined;
  /** Called after each chunk whose result is durable. */
  readonly onChunk?: ((job: string) => void) | undefined;
}

const LOOK_MS = 300;
/** A job that failed here, as when its servers were gone too long, is tried again after this long. */
const AGAIN_MS = 2_000;
/** Of files that this machine cannot read the pause grows up to this, to leave their chunks to others. */
const MOST_AGAIN_MS = 32_000;
const UNREADABLE = ["LF_NOT_FOUND", "LF_UNREADABLE"];

/**
 * Works on the jobs of a cluster, those that come included, until `signal`. Any number of workers share them.
 * @throws LF_NATS_UNAVAILABLE where no server answers for longer than the connection's patience
 */
export async function runWorker(options: WorkerOptions): Promise<void> {
  const { nats, signal, replicas = 1 } = options;
  const jobs = await Jobs.open(nats, replicas, signal);
  const engine = arithmeticOf(options.pool.engine);
  const leases = await Leases.open(nats, randomUUID(), engine, replicas, signal);
  await leases.present(() => followJobs(options, engine, jobs, leases));
}

async function followJobs(options: WorkerOptions, engine: string, jobs: Jobs, leases: Leases): Promise<void> {
  const { signal } = options;
  /** By the keys of jobs: a name may come again for another job. */
  const running = new Map<string, { readonly stop: AbortController; readonly done: Promise<void> }>();
  const refused = new Set<string>();
  try {
    while (!signal.aborted) {
      const listed = await jobs.list(signal);
      const keys = new Set([...listed.values()].map(({ key }) => key));
      for (const [key, { stop }] of running) if (!keys.has(key)) stop.abort();
      for (const [id, record] of listed) {
        const { key } = record;
        if (running.has(key) || refused.has(key)) continue;
        if (record.engine !== engine) {
          refused.add(key);
          options.tell?.(
            `Job ${id} is for the engine ${record.engine}, and this worker has ${engine}; left to others.`,
          );
          continue;
        }
        const stop = new AbortController();
        const both = AbortSignal.any([signal, stop.signal]);
        options.tell?.(`Working on job ${id}.`);
        const done = workOn(options, jobs, leases, id, record, both).finally(() => running.delete(key));
        running.set(key, { stop, done });
      }
      await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    for (const { stop } of running.values()) stop.abort();
    await Promise.allSettled([...running.values()].map(({ done }) => done));
  }
}

/** Works on a job until it is gone. What fails is told and tried again while the job is there. */
async function workOn(
  options: WorkerOptions,
  jobs: Jobs,
  leases: Leases,
  id: string,
  record: JobRecord,
  signal: AbortSignal,
): Promise<void> {
  const { nats, pool, onChunk, tell } = options;
  const { key } = record;
  const folder = new ChunkFolder(record.plan, pool);
  let pause = AGAIN_MS;
  const done = (): void => {
    pause = AGAIN_MS;
    onChunk?.(id);
  };
  try {
    while (!signal.aborted) {
      try {
        if (record.design === "map") {
          const queue = new NatsChunkQueue(nats, jobNames(key).chunks);
          // Besides what is folded: some whose result is on its way, and some for the time that asking for more takes.
          const most = 2 * Math.max(1, pool.workers) + 2;
          const fold = (bytes: Uint8Array, stop: AbortSignal): Promise<Uint8Array> =>
            folder.fold(bytes, stop);
          await mapJob({ queue, parts: openParts(nats, key), fold, most, onChunk: done }, signal);
        } else {
          const store = await NatsCheckpointStore.open(nats, jobNames(key).states, signal);
          const log = openChunks(nats, key, "fold", record.partitions);
          const open = (state: Uint8Array | undefined, apart: boolean): ChunkRun =>
            folder.open(state, signal, apart);
          await foldJob({ leases, id: key, log, store, open, onCommit: done }, signal);
        }
      } catch (error) {
        if (signal.aborted || (await isGone(jobs, id, key, signal))) return;
        tell?.(`Job ${id}: ${isLossflowError(error) ? error.message : String(error)} Trying again.`);
        await sleep(pause, undefined, { signal }).catch(() => undefined);
        if (isLossflowError(error) && UNREADABLE.includes(error.code))
          pause = Math.min(2 * pause, MOST_AGAIN_MS);
      }
    }
  } finally {
    await folder.close();
  }
}

async function isGone(jobs: Jobs, id: string, key: string, signal: AbortSignal): Promise<boolean> {
  try {
    return (await jobs.get(id, signal))?.key !== key;
  } catch {
    return false;
  }
}
