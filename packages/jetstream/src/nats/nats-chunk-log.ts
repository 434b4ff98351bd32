import { randomUUID } from "node:crypto";
import { DeliverPolicy, type JsMsg } from "@nats-io/jetstream";
import { headers, type MsgHdrs } from "@nats-io/transport-node";
import type { ChunkLog, LoggedChunk } from "../log/chunk-log.ts";
import type { Nats } from "./connect.ts";
import { OWN_BYTES } from "./message-memory.ts";
import { isSubjectFull } from "./nats-error.ts";
import { PieceJoiner, type Piece } from "./piece-joiner.ts";
import { pieceBytes, piecesOf } from "./pieces.ts";
import { retrying } from "./retrying.ts";

const CHUNK = "Lossflow-Chunk";
const PIECE = "Lossflow-Piece";
const PIECES = "Lossflow-Pieces";

/** Where a log of chunks stands on the servers. */
export interface NatsChunkLogOptions {
  readonly stream: string;
  readonly partitions: number;
  readonly subject: (partition: number, chunk: number) => string;
  /** The subjects of all chunks of a partition. */
  readonly filter: (partition: number) => string;
  /** Makes identities unlike those of other jobs. */
  readonly identity: string;
  /** Messages fetched ahead of the reader: they bound its memory. */
  readonly ahead: number;
}

/** A stream as a log of chunks: chunk n lies in partition n modulo their number. A long chunk is several messages. */
export class NatsChunkLog implements ChunkLog {
  readonly partitions: number;
  readonly #nats: Nats;
  readonly #options: NatsChunkLogOptions;

  constructor(nats: Nats, options: NatsChunkLogOptions) {
    this.partitions = options.partitions;
    this.#nats = nats;
    this.#options = options;
  }

  async append(chunk: number, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    const { subject, identity, stream } = this.#options;
    const pieces = piecesOf(bytes, pieceBytes(this.#nats.connection));
    for (const [i, piece] of pieces.entries()) {
      const header = headers();
      header.set(CHUNK, String(chunk));
      header.set(PIECE, String(i));
      header.set(PIECES, String(pieces.length));
      // Within the server's window a second try of a message that did arrive is dropped by its identity.
      let msgID = `${identity}.${chunk}.${i}`;
      let place = subject(chunk % this.partitions, chunk) + (i === 0 ? "" : `.${i}`);
      await retrying(
        this.#nats,
        `Chunk ${chunk} for ${stream}`,
        async () => {
          try {
            const { duplicate } = await this.#nats.jetstream.publish(place, piece, {
              msgID,
              headers: header,
            });
            if (!duplicate) return;
          } catch (error) {
            // Where a subject takes one message, somebody else's of the same chunk is as good.
            if (!isSubjectFull(error)) throw error;
          }
          // A leader that was cut off remembers what it took, though no other had it and it is gone: it must be there.
          if (await this.#holds(place)) return;
          msgID = randomUUID();
          place += `.${msgID}`;
          throw new Error("it was said to be stored and is not");
        },
        signal,
      );
    }
  }

  /** Asks the leader, whose store has only what most servers have. */
  async #holds(subject: string): Promise<boolean> {
    const query = { last_by_subj: subject };
    return (await this.#nats.manager.streams.getMessage(this.#options.stream, query)) !== null;
  }

  async *read(partition: number, after: number, signal: AbortSignal): AsyncGenerator<LoggedChunk> {
    let position = after;
    const joiner = new PieceJoiner();
    while (!signal.aborted) {
      const messages = await this.#open(partition, position, signal);
      if (messages === undefined) return;
      void this.#nats.outage.watch(messages, "reads");
      const stop = (): void => messages.stop();
      signal.addEventListener("abort", stop);
      try {
        for await (const message of messages) {
          position = message.seq;
          const whole = joiner.add(pieceOf(message));
          if (whole !== undefined) {
            const release = (): void => this.#nats.memory.give(whole.bytes);
            yield { position: joiner.firstOpen(position + 1) - 1, ...whole, release };
          }
          if (signal.aborted) return;
        }
      } finally {
        signal.removeEventListener("abort", stop);
        await messages.close();
      }
    }
  }

  async #open(
    partition: number,
    after: number,
    signal: AbortSignal,
  ): Promise<
    Awaited<ReturnType<Awaited<ReturnType<Nats["jetstream"]["consumers"]["get"]>>["consume"]>> | undefined
  > {
    const { stream, filter, ahead } = this.#options;
    try {
      return await retrying(
        this.#nats,
        `Reading ${stream}`,
        async () => {
          const consumer = await this.#nats.jetstream.consumers.get(stream, {
            filter_subjects: filter(partition),
            deliver_policy: DeliverPolicy.StartSequence,
            opt_start_seq: after + 1,
          });
          return consumer.consume({
            max_messages: ahead,
            threshold_messages: Math.floor(ahead / 4),
            expires: 3_000,
          });
        },
        signal,
      );
    } catch (error) {
      if (signal.aborted) return undefined;
      throw error;
    }
  }
}

function pieceOf(message: JsMsg): Piece {
  return {
    position: message.seq,
    chunk: chunkOf(message.headers),
    piece: numberIn(message.headers, PIECE),
    pieces: numberIn(message.headers, PIECES),
    // Of short messages the client's bytes are a view of what the socket gave.
    bytes: message.data.length < OWN_BYTES ? new Uint8Array(message.data) : message.data,
  };
}

/** The number of a chunk, from its message. NaN where it has none. */
export function chunkOf(from: MsgHdrs | undefined): number {
  return numberIn(from, CHUNK);
}

function numberIn(from: MsgHdrs | undefined, name: string): number {
  const text = from?.get(name) ?? "";
  return /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
}
