import { setTimeout as sleep } from "node:timers/promises";
import type { JobState, PlannedJob } from "@lossflow/streaming/job";
import { partitionFromBytes, type PartitionState } from "../fold/partition-state.ts";
import type { ChunkLog } from "../log/chunk-log.ts";
import type { ChunkSet } from "../log/chunk-set.ts";
import type { Nats } from "../nats/connect.ts";
import { jobNames } from "../nats/job-names.ts";
import { NatsCheckpointStore } from "../nats/nats-checkpoint-store.ts";

const LOOK_MS = 200;

/**
 * Gives what the partitions of a fold have come to, all of them at once, now and then until `signal`. A value may come
 * from a replica that lags: it is then of a while ago, and only what it says it holds counts.
 */
export async function* collectStates(
  planned: PlannedJob,
  nats: Nats,
  key: string,
  log: ChunkLog,
  signal: AbortSignal,
): AsyncGenerator<{ readonly state: JobState; readonly chunks: readonly ChunkSet[] }> {
  const { chunks: stream, partition: subjects, states } = jobNames(key);
  const store = await NatsCheckpointStore.open(nats, states, signal);
  const found = new Map<number, { readonly revision: number; readonly state: PartitionState }>();
  while (!signal.aborted) {
    let changed = false;
    for (let partition = 0; partition < log.partitions && !signal.aborted; partition++) {
      const checkpoint = await store.load(`state.${partition}`, signal);
      if (checkpoint === undefined || checkpoint.revision <= (found.get(partition)?.revision ?? -1)) continue;
      const state = partitionFromBytes(checkpoint.bytes);
      found.set(partition, { revision: checkpoint.revision, state });
      changed = true;
      // What a durable state holds need not be kept any longer: this is what makes room for more.
      await nats.manager.streams
        .purge(stream, { filter: subjects(partition), seq: state.position + 1 })
        .catch(() => undefined);
    }
    if (changed) {
      const state = planned.openState();
      for (const each of found.values()) state.merge(each.state.state);
      yield { state, chunks: [...found.values()].map((each) => each.state.chunks) };
    }
    await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined);
  }
}
