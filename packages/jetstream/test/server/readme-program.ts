import { connectNats, runWorker, submitJob } from "@lossflow/jetstream";
import { PlannedJob } from "@lossflow/streaming/job";
import { createPool } from "@lossflow/streaming/node";

/** Evaluates files on the workers of a cluster. */
export async function evaluate(servers: string, files: string[]): Promise<number | null | undefined> {
  await using nats = await connectNats({ servers });
  await using pool = createPool({ workers: 0 });
  const planned = await PlannedJob.open(files, { losses: ["mse"], target: "y", prediction: "p", pool });
  const outcome = await submitJob(planned, {
    nats,
    id: "epoch-7",
    design: "map",
    limits: { replicas: 1, maxBytes: 2 ** 28 },
    partitions: 16,
    signal: AbortSignal.timeout(3_600_000),
    patience: 60_000,
  });
  if (outcome.chunks === null || outcome.missing.length > 0) throw new Error(`${outcome.done} chunks are in`);
  const { results } = planned.snapshot(outcome.state, { workers: outcome.workers, elapsedMs: 0 });
  return results[0]?.mean;
}

/** Works on the jobs of a cluster. */
export async function work(servers: string, signal: AbortSignal): Promise<void> {
  await using nats = await connectNats({ servers });
  await using pool = createPool();
  await runWorker({ nats, pool, signal });
}
