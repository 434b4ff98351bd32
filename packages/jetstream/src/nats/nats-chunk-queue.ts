import type { JsMsg } from "@nats-io/jetstream";
import type { ChunkQueue, Delivery } from "../log/chunk-queue.ts";
import type { Nats } from "./connect.ts";
import { ACK_WAIT_MS, MAP_CONSUMER } from "./job-streams.ts";
import { chunkOf } from "./nats-chunk-log.ts";
import { retrying } from "./retrying.ts";

/** The consumer that the workers of a job share. What is held here is said to be at work on until it is answered for. */
export class NatsChunkQueue implements ChunkQueue {
  readonly #nats: Nats;
  readonly #stream: string;

  constructor(nats: Nats, stream: string) {
    this.#nats = nats;
    this.#stream = stream;
  }

  async *take(most: number, signal: AbortSignal): AsyncGenerator<Delivery> {
    const held = new Set<JsMsg>();
    const atWork = setInterval(() => held.forEach((message) => message.working()), ACK_WAIT_MS / 3);
    try {
      while (!signal.aborted) {
        const messages = await retrying(
          this.#nats,
          `Taking chunks of ${this.#stream}`,
          async () => {
            const consumer = await this.#nats.jetstream.consumers.get(this.#stream, MAP_CONSUMER);
            return consumer.consume({ max_messages: most, expires: 3_000 });
          },
          signal,
        );
        void this.#nats.outage.watch(messages, "shared");
        const stop = (): void => messages.stop();
        signal.addEventListener("abort", stop);
        try {
          for await (const message of messages) {
            held.add(message);
            yield deliveryOf(message, held);
            if (signal.aborted) return;
          }
        } finally {
          signal.removeEventListener("abort", stop);
          await messages.close();
        }
      }
    } finally {
      clearInterval(atWork);
    }
  }
}

function deliveryOf(message: JsMsg, held: Set<JsMsg>): Delivery {
  return {
    chunk: chunkOf(message.headers),
    bytes: new Uint8Array(message.data),
    attempt: message.info.deliveryCount,
    done() {
      held.delete(message);
      message.ack();
    },
    giveBack(afterMs) {
      held.delete(message);
      message.nak(afterMs);
    },
  };
}
