import {
  AckPolicy,
  DiscardPolicy,
  RetentionPolicy,
  StorageType,
  StoreCompression,
  type StreamConfig,
} from "@nats-io/jetstream";
import { Kvm } from "@nats-io/kv";
import type { Nats } from "./connect.ts";
import { jobNames } from "./job-names.ts";
import { retrying } from "./retrying.ts";

/** How a job is worked on: each chunk by whoever is free, or each partition in order by whoever leases it. */
export type Design = "map" | "fold";

/** What a job's streams may take. */
export interface StreamLimits {
  /** Copies on as many servers of a cluster: 1, 3 or 5. */
  readonly replicas: number;
  /** Bytes of chunks that wait at most; further ones are refused until some have been folded. */
  readonly maxBytes: number;
}

const SECOND = 1e9;
/** How long servers may take to find room for a stream, or a leader. */
const ROOM_MS = 15_000;
/** What a submitter leaves behind when it dies is dropped after this long. */
const KEPT = 7 * 24 * 3600 * SECOND;
/** A chunk that a worker has not acknowledged nor said to be at work on is given to another. */
export const ACK_WAIT_MS = 5_000;
/** Chunks that all workers together may hold unacknowledged. */
const MOST_HELD = 4_096;
/** Name of the consumer that all workers of a job share. */
export const MAP_CONSUMER = "map";
/** The server drops a message with an identity that it has seen within this time. */
const DUPLICATE_WINDOW = 120 * SECOND;

/**
 * Makes the streams of a job, or finds them as they are: retention, discarding, replicas, limits and age are all stated,
 * so that no server's defaults decide what is lost.
 * @throws LF_NATS_REFUSED where the server's limits are below these; LF_NATS_UNAVAILABLE, LF_ABORTED
 */
export async function createJobStreams(
  nats: Nats,
  key: string,
  design: Design,
  limits: StreamLimits,
  signal: AbortSignal,
): Promise<void> {
  const names = jobNames(key);
  const common = {
    storage: StorageType.File,
    num_replicas: limits.replicas,
    discard: DiscardPolicy.New,
    max_age: KEPT,
    compression: StoreCompression.None,
    duplicate_window: DUPLICATE_WINDOW,
  } as const;
  const add = (config: Partial<StreamConfig> & { readonly name: string }): Promise<unknown> =>
    retrying(
      nats,
      `Making the stream ${config.name}`,
      () => nats.manager.streams.add(config),
      signal,
      ROOM_MS,
    );
  await add({
    ...common,
    name: names.chunks,
    description: "Lossflow: chunks of a job",
    subjects: [names.allChunks],
    // A chunk that is folded is not needed again in `map`; a fold may have to go back to its last checkpoint.
    retention: design === "map" ? RetentionPolicy.Workqueue : RetentionPolicy.Limits,
    max_bytes: limits.maxBytes,
  });
  if (design === "fold") {
    await retrying(
      nats,
      `Making the bucket ${names.states}`,
      () =>
        new Kvm(nats.jetstream).create(names.states, {
          history: 1,
          replicas: limits.replicas,
          storage: StorageType.File,
          ttl: KEPT / 1e6,
          max_bytes: limits.maxBytes,
        }),
      signal,
    );
    return;
  }
  await add({
    ...common,
    name: names.parts,
    description: "Lossflow: partial results of a job",
    subjects: [names.allParts],
    retention: RetentionPolicy.Limits,
    max_bytes: limits.maxBytes,
    // One message a subject, and no second: of two workers that fold the same chunk the first one's result stays.
    max_msgs_per_subject: 1,
    discard_new_per_subject: true,
  });
  await retrying(
    nats,
    `Making the consumer of ${names.chunks}`,
    () =>
      nats.manager.consumers.add(names.chunks, {
        durable_name: MAP_CONSUMER,
        ack_policy: AckPolicy.Explicit,
        ack_wait: ACK_WAIT_MS * 1e6,
        max_ack_pending: MOST_HELD,
        num_replicas: limits.replicas,
      }),
    signal,
  );
}

/** Deletes what a job has on the servers; what is gone already is no fault. */
export async function deleteJobStreams(nats: Nats, key: string): Promise<void> {
  const { chunks, parts, states } = jobNames(key);
  await Promise.allSettled([chunks, parts, `KV_${states}`].map((name) => nats.manager.streams.delete(name)));
}

/** Deletes what is left of jobs that nobody knows any more, since their submitters died and their time is over. */
export async function sweepJobStreams(nats: Nats, known: ReadonlySet<string>): Promise<void> {
  for await (const { config, created } of nats.manager.streams.list()) {
    const key = /^(?:KV_)?lossflow-(.+)-(?:chunks|parts|states)$/.exec(config.name)?.[1];
    if (key === undefined || known.has(key) || Date.now() - Date.parse(created) < KEPT / 1e6) continue;
    await nats.manager.streams.delete(config.name);
  }
}
