import { DeliverPolicy } from "@nats-io/jetstream";
import type { Nats } from "../nats/connect.ts";
import { LOG_STREAM, logFilter, namesOfSubject } from "../nats/log-stream.ts";
import { retrying } from "../nats/retrying.ts";
import { placeFromHeaders, type LogPiece } from "./log-piece.ts";

/** Which logs are read, and how long. */
export interface ReadLogsOptions {
  readonly nats: Nats;
  /** One run; all of them where it is not given. */
  readonly run?: string | undefined;
  /** Whether to end with what is there, rather than wait for more. */
  readonly once?: boolean | undefined;
  readonly signal: AbortSignal;
  /** Called when all that was there at the beginning has been given. */
  readonly onCaughtUp?: (() => void) | undefined;
}

/** Messages fetched ahead of the reader, each up to 768 KiB. */
const AHEAD = 64;

/**
 * Gives the pieces of published logs in the order in which they were stored, from the first that the stream still has,
 * those that come included. Each byte comes once; where bytes are gone an offset is above what came before.
 */
export async function* readLogs(options: ReadLogsOptions): AsyncGenerator<LogPiece> {
  const { nats, run, once = false, signal, onCaughtUp } = options;
  let position = 0;
  let caughtUp = false;
  const catchUp = (): void => {
    if (!caughtUp) onCaughtUp?.();
    caughtUp = true;
  };
  while (!signal.aborted) {
    const messages = await retrying(
      nats,
      "Reading the logs",
      async () => {
        const consumer = await nats.jetstream.consumers.get(LOG_STREAM, {
          filter_subjects: logFilter(run),
          deliver_policy: DeliverPolicy.StartSequence,
          opt_start_seq: position + 1,
        });
        const { num_pending } = await consumer.info();
        if (num_pending === 0) catchUp();
        return once && num_pending === 0
          ? undefined
          : consumer.consume({ max_messages: AHEAD, expires: 3_000 });
      },
      signal,
    );
    if (messages === undefined) return;
    void nats.outage.watch(messages, "reads");
    const stop = (): void => messages.stop();
    signal.addEventListener("abort", stop);
    try {
      for await (const message of messages) {
        position = message.seq;
        yield {
          ...namesOfSubject(message.subject),
          ...placeFromHeaders(message.headers),
          bytes: new Uint8Array(message.data),
        };
        if (message.info.pending === 0) {
          catchUp();
          if (once) return;
        }
      }
    } finally {
      signal.removeEventListener("abort", stop);
      await messages.close();
    }
  }
}
