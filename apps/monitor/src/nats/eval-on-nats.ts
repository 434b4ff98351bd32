import { randomUUID } from "node:crypto";
import { LossflowError } from "@lossflow/core";
import {
  computeDurabilityWarning,
  connectNats,
  natsAddressFromText,
  submitJob,
  type Design,
  type JobOutcome,
  type JobProgress,
} from "@lossflow/jetstream";
import type { LossJobOptions, Snapshot, TableSource } from "@lossflow/streaming/node";
import { PlannedJob } from "@lossflow/streaming/job";
import type { Context } from "../cli/context.ts";
import type { Progress } from "../cli/progress.ts";
import { say } from "../cli/say.ts";
import { UsageError } from "../cli/usage-error.ts";
import { formatCount } from "../format/number-text.ts";
import { formatPlural } from "../format/plural-text.ts";

/** Flags of `lossflow eval` that give a job to the workers of a cluster. */
export interface NatsEvalOptions {
  readonly nats: string;
  readonly job?: string;
  readonly design?: Design;
  readonly replicas?: number;
  /** Seconds without a result after which the job is given up. */
  readonly timeout?: number;
}

/** As many workers can share a fold. */
const PARTITIONS = 16;
/** Bytes of chunks, and of results, that wait on the servers at most: servers reserve as much. */
const REFERENCE_BYTES = 2 ** 28;
const VALUE_BYTES = 2 ** 30;

/**
 * Evaluates losses on the workers of a cluster: by reference to Arrow and Parquet files that they can read too, or by
 * value.
 * @throws LF_INCOMPLETE where chunks are missing at the end; LF_NATS_*; what a worker refuses
 */
export async function evaluateOnNats(
  context: Context,
  sources: readonly (string | TableSource)[],
  job: LossJobOptions,
  options: NatsEvalOptions,
  progress: Progress,
): Promise<Snapshot> {
  const began = performance.now();
  const id = options.job ?? randomUUID();
  if (!/^[\w-]{1,64}$/.test(id))
    throw new UsageError(`--job takes up to 64 letters, digits, - and _, not ${JSON.stringify(id)}.`);
  const address = natsAddressFromText(options.nats);
  if (address.run !== undefined)
    throw new UsageError(`--nats takes the address of servers alone, without /${address.run}.`);
  await using nats = await connectNats({ ...address, name: "lossflow eval" });
  const warning = await computeDurabilityWarning(nats);
  if (warning !== null) say(context, warning);
  const planned = await PlannedJob.open(sources, job);
  const design = options.design ?? (planned.byReference ? "map" : "fold");
  if (design === "map" && !planned.byReference)
    throw new UsageError("--design map is for Arrow and Parquet files; what is sent by value is folded.");
  const outcome = await submitJob(planned, {
    nats,
    id,
    design,
    limits: {
      replicas: options.replicas ?? 1,
      maxBytes: planned.byReference ? REFERENCE_BYTES : VALUE_BYTES,
    },
    partitions: PARTITIONS,
    signal: context.signal,
    patience: (options.timeout ?? Infinity) * 1000,
    onProgress: (reached) => progress.show(formatJobProgress(reached)),
  });
  progress.clear();
  if (outcome.chunks === null || outcome.missing.length > 0) throw incomplete(outcome);
  return planned.snapshot(outcome.state, {
    workers: outcome.workers,
    elapsedMs: performance.now() - began,
  });
}

function formatJobProgress({ done, submitted, allSubmitted, workers }: JobProgress): string {
  const all = allSubmitted ? formatCount(submitted) : `${formatCount(submitted)} or more`;
  const by = workers === 0 ? "waiting for workers: lossflow worker --nats" : formatPlural(workers, "worker");
  return `${formatCount(done)} of ${all} chunks, ${by}`;
}

function incomplete({ done, chunks, missing, workers }: JobOutcome): LossflowError {
  const all = chunks === null ? "a number not known yet of" : `${chunks}`;
  const which =
    missing.length === 0 ? "" : ` The first that are missing: ${missing.slice(0, 10).join(", ")}.`;
  const why =
    workers === 0
      ? " No worker was there: start one with `lossflow worker --nats`."
      : " See what the workers say (a job is for one engine, and its files must be theirs too), and submit it again.";
  return new LossflowError("LF_INCOMPLETE", `incomplete: ${done}/${all} chunks.${which}${why}`);
}
