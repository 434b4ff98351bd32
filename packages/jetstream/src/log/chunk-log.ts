/** One chunk as a log holds it. */
export interface LoggedChunk {
  /** Reading on behind this position misses no chunk that came after it; some may come again. */
  readonly position: number;
  /** The number that its producer gave it, from 0. The same number is the same chunk, however often it was stored. */
  readonly chunk: number;
  /** Belongs to the reader. */
  readonly bytes: Uint8Array;
  /** Gives the bytes back, where the log can use their memory again; called once, when nobody reads them any more. */
  readonly release?: () => void;
}

/**
 * A durable log of the chunks of one job, cut into partitions: of JetStream a stream with a subject per partition, of
 * Kafka a topic.
 *
 * It may store a chunk more than once, at once or late, since producers try again when an answer is lost; readers tell
 * by the chunk's number. It may not lose one whose `append` has resolved.
 */
export interface ChunkLog {
  readonly partitions: number;
  /**
   * Stores a chunk; resolves once it is durable. Tries again while the log cannot be reached.
   * @throws LF_NATS_UNAVAILABLE where that took too long; LF_ABORTED
   */
  append(chunk: number, bytes: Uint8Array, signal: AbortSignal): Promise<void>;
  /** Gives the chunks of a partition behind `after` in order, and those that come, until `signal`. 0 is the beginning. */
  read(partition: number, after: number, signal: AbortSignal): AsyncIterable<LoggedChunk>;
}
