import { LossflowError } from "@lossflow/core";
import type { Nats } from "../nats/connect.ts";
import { deleteJobStreams } from "../nats/job-streams.ts";
import { Jobs } from "./job-record.ts";

/** Which job is to be cancelled. */
export interface CancelOptions {
  readonly nats: Nats;
  /** Name of the job, as it was submitted. */
  readonly id: string;
  /** Copies of what workers keep between them, as they were told. Default 1. */
  readonly replicas?: number | undefined;
  readonly signal: AbortSignal;
}

/**
 * Takes a job away, for whoever submits it and for all workers: they leave it within a second, and what it has on the
 * servers is deleted.
 * @throws LF_UNKNOWN_JOB naming the jobs there are; LF_NATS_*, LF_ABORTED
 */
export async function cancelJob({ nats, id, replicas = 1, signal }: CancelOptions): Promise<void> {
  const jobs = await Jobs.open(nats, replicas, signal);
  // A name that no job can have is not asked for, since it may be a pattern.
  const job = /^[\w-]+$/.test(id) ? await jobs.get(id, signal) : undefined;
  if (job === undefined) {
    const names = [...(await jobs.list(signal)).keys()].sort();
    const there = names.length === 0 ? "there are no jobs at all" : `those there are: ${names.join(", ")}`;
    throw new LossflowError("LF_UNKNOWN_JOB", `There is no job ${id} on these servers; ${there}.`, {
      got: id,
    });
  }
  await jobs.remove(id, job.key);
  await deleteJobStreams(nats, job.key);
}
