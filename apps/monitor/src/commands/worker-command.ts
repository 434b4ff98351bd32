import type { Engine } from "@lossflow/streaming";
import type { Context } from "../cli/context.ts";
import { EXIT } from "../cli/exit-code.ts";
import { createProgress } from "../cli/progress.ts";
import { say } from "../cli/say.ts";
import { formatPlural } from "../format/plural-text.ts";

/** Flags of `lossflow worker`. */
export interface WorkerCommandOptions {
  readonly nats: string;
  readonly workers?: number;
  readonly engine?: "auto" | Engine;
  readonly replicas?: number;
  /** The job to take away instead of working. */
  readonly cancel?: string;
}

/**
 * Works on the jobs of a cluster until a signal, or takes one of them away.
 * @throws LF_NATS_*, LF_SERVER_TOO_OLD, LF_BAD_OPTION, LF_UNKNOWN_JOB
 */
export async function runWorkerCommand(context: Context, options: WorkerCommandOptions): Promise<number> {
  const [{ cancelJob, connectNats, natsAddressFromText, runWorker }, { createPool }] = await Promise.all([
    import("@lossflow/jetstream"),
    import("@lossflow/streaming/node"),
  ]);
  const address = natsAddressFromText(options.nats);
  const progress = createProgress(context.stderr);
  const tell = (sentence: string): void => {
    progress.clear();
    say(context, sentence);
  };
  // A worker outlives its servers: it waits for them.
  await using nats = await connectNats({ ...address, name: "lossflow worker", patience: Infinity, tell });
  if (options.cancel !== undefined) {
    await cancelJob({ nats, id: options.cancel, replicas: options.replicas, signal: context.signal });
    say(context, `The job ${options.cancel} is cancelled: workers leave it, and nothing of it is kept.`);
    return EXIT.fine;
  }
  await using pool = createPool({
    ...(options.workers === undefined ? {} : { workers: options.workers }),
    engine: options.engine ?? "auto",
  });
  let chunks = 0;
  say(
    context,
    `Waiting for jobs, with ${pool.workers === 0 ? "this thread alone" : formatPlural(pool.workers, "worker")} and the engine ${pool.engine}.`,
  );
  try {
    await runWorker({
      nats,
      pool,
      signal: context.signal,
      ...(options.replicas === undefined ? {} : { replicas: options.replicas }),
      tell,
      onChunk: (job) => progress.show(`job ${job}: ${formatPlural(++chunks, "chunk")} folded here`),
    });
  } finally {
    progress.clear();
  }
  return EXIT.fine;
}
