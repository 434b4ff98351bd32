import type { Checkpoints } from "./checkpoint/checkpoints.ts";
import { jobSpecFromOptions } from "./job/job-spec.ts";
import type { LossJobOptions } from "./job/options.ts";
import { runJob } from "./job/run-job.ts";
import type { Snapshot } from "./job/snapshot.ts";
import { Observable } from "./observable.ts";
import { sourcesFrom, type Source } from "./source/sources-from.ts";

/**
 * Evaluates losses over target and prediction columns, and gives their running figures: snapshots while rows come in, at
 * most one every `every` milliseconds, and a last one with `done: true`.
 *
 * Sums are exact and rounded once, so each figure is the same to the last bit for any number of workers, any cutting of
 * the rows into batches and any source format. Several sources are read one after the other, rows counted through.
 *
 * Reading goes no faster than folding: at most twice as many chunks as workers are in memory. Nothing is read before
 * somebody subscribes; each subscription is a job of its own. Unsubscribing ends the job and frees its workers.
 *
 * Rows that are null in a column that a loss reads are missing; then those of weight 0 or with an ignored label are
 * ignored, and their values not looked at.
 * @throws (as an error of the Observable) LF_* with source, row, line and column of what was refused; LF_CHUNK_FAILED
 *   where three workers failed on a chunk; LF_ABORTED after `signal`.
 */
export function runningLoss(
  source: Source | readonly Source[],
  options: LossJobOptions,
): Observable<Snapshot> {
  return runningLossWith(() => source, options, null);
}

/** As {@link runningLoss}, with the sources and the checkpoints, where there may be some, that are made for each subscription. */
export function runningLossWith(
  source: () => Source | readonly Source[],
  options: LossJobOptions,
  checkpoints: (() => Checkpoints | null) | null,
): Observable<Snapshot> {
  return new Observable((subscriber) => {
    const abort = new AbortController();
    const stop = (): void => abort.abort();
    let detach = (): void => undefined;
    const job = async (): Promise<void> => {
      const spec = jobSpecFromOptions(options, checkpoints !== null);
      const { signal } = options;
      signal?.addEventListener("abort", stop);
      detach = () => signal?.removeEventListener("abort", stop);
      if (signal?.aborted === true) stop();
      const emit = (snapshot: Snapshot): void => subscriber.next(snapshot);
      await runJob(sourcesFrom(source()), spec, abort.signal, emit, checkpoints?.() ?? null);
    };
    job().then(
      () => subscriber.complete(),
      (error: unknown) => subscriber.error(error),
    );
    return () => {
      detach();
      stop();
    };
  });
}
