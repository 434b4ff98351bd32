/** A chunk that was handed to a worker. */
export interface Delivery {
  readonly chunk: number;
  /** Belongs to the reader. */
  readonly bytes: Uint8Array;
  /** 1 for the first time that it is handed out, one more each time that nobody answered for it. */
  readonly attempt: number;
  /** Says that its result is durable: it is not handed out again. */
  done(): void;
  /** Gives it back, for somebody else to take after a while. */
  giveBack(afterMs: number): void;
}

/**
 * Hands each chunk to one of many workers: of JetStream a consumer that they share, of Kafka a consumer group. A chunk
 * whose worker is silent for some seconds is handed to another, so it may be folded twice; results are kept once.
 */
export interface ChunkQueue {
  /** Gives chunks until `signal`, at most `most` at a time that are neither done nor given back. */
  take(most: number, signal: AbortSignal): AsyncIterable<Delivery>;
}
