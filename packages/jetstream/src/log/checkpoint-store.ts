/** What was saved, and which saving it was. */
export interface Checkpoint {
  readonly bytes: Uint8Array;
  readonly revision: number;
}

/**
 * Durable values that are replaced by compare-and-set: of JetStream a key-value bucket, beside Kafka a compacted topic
 * with a transactional producer, or a table.
 *
 * The comparison is the fence: of two workers that think they own a partition, one that was frozen and came back
 * among them, only the one that saw the last value can replace it.
 */
export interface CheckpointStore {
  /** @throws LF_NATS_UNAVAILABLE, LF_ABORTED */
  load(name: string, signal: AbortSignal): Promise<Checkpoint | undefined>;
  /**
   * Replaces the value whose revision is `last`, or makes it where `last` is undefined; resolves with its revision once
   * it is durable.
   * @throws LF_CHECKPOINT_STALE where another value has been saved since; LF_NATS_UNAVAILABLE, LF_ABORTED
   */
  save(name: string, bytes: Uint8Array, last: number | undefined, signal: AbortSignal): Promise<number>;
}
