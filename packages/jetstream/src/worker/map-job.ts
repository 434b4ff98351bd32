import { LossflowError } from "@lossflow/core";
import { resultFromError } from "@lossflow/streaming/job";
import type { ChunkLog } from "../log/chunk-log.ts";
import type { ChunkQueue, Delivery } from "../log/chunk-queue.ts";

/** What a job's chunks are folded by. */
export interface MapJob {
  readonly queue: ChunkQueue;
  /** Takes each result; of a chunk that has one already the first stays. */
  readonly parts: ChunkLog;
  /** Folds a chunk into a partial state, or into the refusal of its data. */
  readonly fold: (bytes: Uint8Array, signal: AbortSignal) => Promise<Uint8Array>;
  /** Chunks held at a time. */
  readonly most: number;
  readonly onChunk?: ((chunk: number) => void) | undefined;
}

/** A chunk that was taken this many times and never finished is given up, since it may be what ends workers. */
const MOST_ATTEMPTS = 8;

/**
 * Folds the chunks of a job until `signal`: takes one, makes its result durable, then says that it is done. A worker
 * that dies in between leaves its chunk to another, whose result has the same bits.
 */
export async function mapJob(job: MapJob, signal: AbortSignal): Promise<void> {
  const open = new Set<Promise<void>>();
  const halt = new AbortController();
  const failures: unknown[] = [];
  const stop = AbortSignal.any([signal, halt.signal]);
  for await (const delivery of job.queue.take(job.most, stop)) {
    const work = foldDelivery(job, delivery, stop).catch((error: unknown) => {
      delivery.giveBack(0);
      if (signal.aborted) return;
      failures.push(error);
      halt.abort();
    });
    open.add(work);
    void work.finally(() => open.delete(work));
    if (open.size >= job.most) await Promise.race(open);
  }
  await Promise.all(open);
  if (failures.length > 0) throw failures[0];
}

async function foldDelivery(job: MapJob, delivery: Delivery, signal: AbortSignal): Promise<void> {
  const { chunk, bytes, attempt } = delivery;
  const result = attempt > MOST_ATTEMPTS ? givenUp(chunk, attempt) : await job.fold(bytes, signal);
  await job.parts.append(chunk, result, signal);
  delivery.done();
  job.onChunk?.(chunk);
}

function givenUp(chunk: number, attempt: number): Uint8Array {
  return resultFromError(
    new LossflowError(
      "LF_CHUNK_FAILED",
      `Chunk ${chunk} was given up: workers took it ${attempt - 1} times and none finished it; see what they say.`,
    ),
  );
}
