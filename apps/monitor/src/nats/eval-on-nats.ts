import { randomUUID } from "node:crypto";
import { LossflowError } from "@lossflow/core";
import {
  computeDurabilityWarning,
  connectNats,
  isComplete,
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
/** Of a large job: as much for the result of each chunk. */
const RESULT_BYTES = 2 ** 13;

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
  await using nats = await connectNats({
    ...address,
    name: "lossflow eval",
    // As long as --timeout allows it, servers that are gone are waited for.
    patience: Infinity,
    tell: (sentence) => {
      progress.clear();
      say(context, sentence);
    },
  });
  const warning = await computeDurabilityWarning(nats);
  if (warning !== null) say(context, warning);
  const planned = await PlannedJob.open(sources, job);
  const design = options.design ?? (planned.byReference ? "map" : "fold");
  if (design === "map" && !planned.byReference)
    throw new UsageError("--design map is for Arrow and Parquet files; what is sent by value is folded.");
  let told = false;
  const outcome = await submitJob(planned, {
    nats,
    id,
    design,
    limits: {
      replicas: options.replicas ?? 1,
      maxBytes: planned.byReference
        ? Math.max(REFERENCE_BYTES, planned.aboutChunks * RESULT_BYTES)
        : VALUE_BYTES,
    },
    partitions: PARTITIONS,
    signal: context.signal,
    keep: options.job !== undefined,
    patience: (options.timeout ?? Infinity) * 1000,
    onProgress(reached) {
      progress.show(formatJobProgress(reached));
      if (told || reached.workers > 0 || reached.others.length === 0) return;
      told = true;
      progress.clear();
      say(context, formatOthers(planned.engine, reached.others));
    },
  });
  progress.clear();
  if (!isComplete(outcome)) throw incomplete(outcome, planned.engine, options.job);
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

function formatOthers(engine: string, others: readonly string[]): string {
  return `This job is for the engine ${engine}, and the workers that are there have ${others.join(", ")}: start workers of the same version and --engine.`;
}

function incomplete(
  { done, chunks, missing, workers, others }: JobOutcome,
  engine: string,
  job: string | undefined,
): LossflowError {
  const all = chunks === null ? "a number not known yet of" : `${chunks}`;
  const which =
    missing.length === 0 ? "" : ` The first that are missing: ${missing.slice(0, 10).join(", ")}.`;
  const why =
    workers > 0
      ? " See what the workers say; its files must be theirs too."
      : others.length > 0
        ? ` ${formatOthers(engine, others)}`
        : " No worker was there: start one with `lossflow worker --nats`.";
  const then =
    job === undefined
      ? ""
      : ` Workers go on with it for a week: the same command, --job ${job} included, does too, and \`lossflow worker --nats ADDRESS --cancel ${job}\` ends it.`;
  return new LossflowError("LF_INCOMPLETE", `incomplete: ${done}/${all} chunks.${which}${why}${then}`);
}
