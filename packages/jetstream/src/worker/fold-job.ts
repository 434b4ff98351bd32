import { setTimeout as sleep } from "node:timers/promises";
import { isLossflowError } from "@lossflow/core";
import { foldPartition, type PartitionFold } from "../fold/fold-partition.ts";
import type { Leases } from "../fold/lease.ts";

/** A fold whose partitions are shared among workers. */
export interface FoldJob extends Omit<PartitionFold, "partition" | "name"> {
  readonly leases: Leases;
  /** Begins the names of its leases and checkpoints. */
  readonly id: string;
}

const LOOK_MS = 300;
/** Milliseconds between counts of the workers. */
const COUNT_MS = 1_000;

/**
 * Leases its share of the partitions of a job, and folds each, until `signal`: no more than its part among the workers
 * that are there, so that those that come later find some.
 */
export async function foldJob(job: FoldJob, signal: AbortSignal): Promise<void> {
  const { partitions } = job.log;
  /** Partitions that are leased or asked for, each with what gives it back. */
  const mine = new Map<number, AbortController>();
  let share = partitions;
  let counted = -Infinity;
  const halt = new AbortController();
  const failures: unknown[] = [];
  const stop = AbortSignal.any([signal, halt.signal]);
  const open = new Set<Promise<void>>();
  // Workers that begin at once look in other places first.
  for (let look = Math.floor(Math.random() * partitions); !stop.aborted; look++) {
    if (performance.now() - counted > COUNT_MS) {
      counted = performance.now();
      const { workers } = await job.leases.countWorkers(stop).catch(() => ({ workers: 1 }));
      share = Math.ceil(partitions / Math.max(1, workers));
      for (const give of [...mine.values()].slice(share)) give.abort();
    }
    const partition = look % partitions;
    if (!mine.has(partition) && mine.size < share) {
      const give = new AbortController();
      mine.set(partition, give);
      const work = foldWhileLeased(job, partition, AbortSignal.any([stop, give.signal]))
        .catch((error: unknown) => {
          if (stop.aborted) return;
          failures.push(error);
          halt.abort();
        })
        .finally(() => {
          mine.delete(partition);
          open.delete(work);
        });
      open.add(work);
    }
    const wait = mine.size < share ? LOOK_MS / partitions : LOOK_MS;
    await sleep(wait, undefined, { signal: stop }).catch(() => undefined);
  }
  await Promise.all(open);
  if (failures.length > 0) throw failures[0];
}

async function foldWhileLeased(job: FoldJob, partition: number, signal: AbortSignal): Promise<void> {
  await job.leases.hold(`${job.id}.${partition}`, signal, async (held) => {
    while (!held.aborted) {
      try {
        await foldPartition({ ...job, partition, name: `state.${partition}` }, held);
      } catch (error) {
        // Somebody else owned it meanwhile: what they saved is where to go on from.
        if (held.aborted) return;
        if (!(isLossflowError(error) && error.code === "LF_CHECKPOINT_STALE")) throw error;
      }
    }
  });
}
