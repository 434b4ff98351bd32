import { randomUUID } from "node:crypto";
import { isLossflowError, LossflowError } from "@lossflow/core";
import type { Nats } from "../nats/connect.ts";
import { createLogStream, LOG_STREAM, logSubject, type LogStreamLimits } from "../nats/log-stream.ts";
import { isStale } from "../nats/nats-error.ts";
import { pieceBytes } from "../nats/pieces.ts";
import { retrying } from "../nats/retrying.ts";
import { headersFromPlace, isOfPublisher, placeFromHeaders } from "./log-piece.ts";

/** What is published, and by whom. */
export interface LogPublisherOptions extends Partial<LogStreamLimits> {
  readonly nats: Nats;
  /** Name of the run: what watchers show. Any text. */
  readonly run: string;
  /** Name of the file, where a run has several, such as one a rank. Default "log.jsonl". */
  readonly file?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for which bytes are gathered into one message. Default 50. */
  readonly gatherMs?: number | undefined;
}

/** Bytes wait this long for company, or until there are this many. */
const GATHER_MS = 50;
const GATHER_BYTES = 256 * 1024;
const MOST_PIECE = 768 * 1024;
/** Whoever writes faster than the servers take should wait at this many bytes in line. */
const MOST_WAITING = 4 * 2 ** 20;
const HEAD_BYTES = 256;
/** The stream of logs holds this much unless told otherwise; then the oldest go. */
const LOG_BYTES = 8 * 2 ** 30;

/**
 * Publishes a log: its bytes as a file has them, or records as JSON lines. Bytes that were written are sent in order and
 * stored once: each message states its place, and is stored only behind the one before it.
 */
export class LogPublisher implements AsyncDisposable {
  readonly #nats: Nats;
  /** Tells its messages from those of others. */
  readonly #id = randomUUID();
  readonly #subject: string;
  readonly #run: string;
  readonly #signal: AbortSignal;
  readonly #gatherMs: number;
  #content: number;
  #offset: number;
  #head: Uint8Array;
  /** Sequence of the subject's last message. */
  #last: number;
  #waiting: Uint8Array[] = [];
  #size = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #turn: Promise<void> = Promise.resolve();
  /** Bytes that are to be sent. */
  #inLine = 0;
  #failure: { readonly error: unknown } | undefined;

  private constructor(
    { nats, run, file = DEFAULT_FILE, signal = NEVER, gatherMs = GATHER_MS }: LogPublisherOptions,
    place: {
      readonly content: number;
      readonly offset: number;
      readonly last: number;
      readonly head: Uint8Array;
    },
  ) {
    this.#nats = nats;
    this.#run = run;
    this.#subject = logSubject(run, file);
    this.#signal = signal;
    this.#gatherMs = gatherMs;
    this.#content = place.content;
    this.#offset = place.offset;
    this.#last = place.last;
    this.#head = place.head;
  }

  /** Goes on where the run's file was left, or begins it. @throws LF_NATS_* */
  static async open(options: LogPublisherOptions): Promise<LogPublisher> {
    const { nats, run, file = DEFAULT_FILE, replicas = 1, maxBytes = LOG_BYTES, signal = NEVER } = options;
    await createLogStream(nats, { replicas, maxBytes }, signal);
    const last = await lastMessage(nats, logSubject(run, file), signal);
    if (last === null) return new LogPublisher(options, { content: 0, offset: 0, last: 0, head: NOTHING });
    const { content, offset, head } = placeFromHeaders(last.header);
    return new LogPublisher(options, {
      content,
      offset: offset + last.data.length,
      last: last.seq,
      head: headOf(head, last.data),
    });
  }

  /** Where the next byte stands in the file's present content: how much of it was published before. */
  get offset(): number {
    return this.#offset + this.#size;
  }

  /** Whether what was published before begins as these bytes do, which are at least as many. */
  begins(head: Uint8Array): boolean {
    return this.#head.every((byte, i) => byte === head[i]);
  }

  /** Resolves once there is room in line: to be awaited by whoever can wait. */
  async room(): Promise<void> {
    while (this.#inLine > MOST_WAITING && this.#failure === undefined) await this.#turn;
    this.check();
  }

  /** Publishes bytes; they are copied. @throws what an earlier sending failed with */
  write(bytes: Uint8Array): void {
    this.check();
    if (bytes.length === 0) return;
    this.#waiting.push(bytes.slice());
    this.#size += bytes.length;
    if (this.#size >= GATHER_BYTES) this.#send();
    else this.#timer ??= setTimeout(() => this.#send(), this.#gatherMs);
  }

  /** Publishes a record as a JSON line; NaN and the infinities are written as Python writes them. */
  log(record: Readonly<Record<string, number | string | boolean | null>>): void {
    const fields = Object.entries(record).map(
      ([name, value]) =>
        `${JSON.stringify(name)}: ${typeof value === "number" ? String(value) : JSON.stringify(value)}`,
    );
    this.write(new TextEncoder().encode(`{${fields.join(", ")}}\n`));
  }

  /** Says that the file begins anew: it was truncated or rewritten. */
  restart(): void {
    this.check();
    this.#send();
    void this.#inTurn(() => {
      this.#content++;
      this.#offset = 0;
      this.#head = NOTHING;
      return Promise.resolve();
    });
  }

  /** Resolves once all that was written is durable. @throws LF_RUN_TAKEN, LF_NATS_* */
  async flush(): Promise<void> {
    this.#send();
    await this.#turn;
    this.check();
  }

  /** Sends what is left and says that nothing follows, which a later publisher of the run may take back. */
  async end(): Promise<void> {
    this.#send();
    await this.#inTurn(() => this.#publish(new Uint8Array(0), true));
    this.check();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.flush();
  }

  /** Puts what waits in line to be sent. */
  #send(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const bytes = Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#size = 0;
    this.#inLine += bytes.length;
    const most = Math.min(MOST_PIECE, pieceBytes(this.#nats.connection));
    for (let at = 0; at < bytes.length; at += most) {
      void this.#inTurn(() => this.#publish(bytes.subarray(at, at + most), false));
    }
  }

  async #publish(bytes: Uint8Array, end: boolean): Promise<void> {
    const place = { content: this.#content, offset: this.#offset, end, head: this.#head };
    const options = {
      headers: headersFromPlace(place, this.#id),
      expect: { lastSubjectSequence: this.#last },
    };
    this.#last = await retrying(
      this.#nats,
      `Publishing ${this.#run}`,
      async () => {
        try {
          return (await this.#nats.jetstream.publish(this.#subject, bytes, options)).seq;
        } catch (error) {
          if (!isStale(error)) throw error;
          return this.#sequenceOf(place, error);
        }
      },
      this.#signal,
    );
    this.#offset += bytes.length;
    this.#inLine -= bytes.length;
    this.#head = headOf(this.#head, bytes);
  }

  /** A message whose answer was lost stands there, under the name of this publisher. */
  async #sequenceOf(
    place: { readonly content: number; readonly offset: number },
    cause: unknown,
  ): Promise<number> {
    const last = await lastMessage(this.#nats, this.#subject, this.#signal);
    if (last !== null && isOfPublisher(last.header, this.#id)) {
      const { content, offset } = placeFromHeaders(last.header);
      if (content === place.content && offset === place.offset) return last.seq;
    }
    throw new LossflowError(
      "LF_RUN_TAKEN",
      `Another publisher writes ${JSON.stringify(this.#run)} too: end one of them, or give it another name.`,
      {},
      { cause },
    );
  }

  /** One thing after the other; nothing follows a failure. */
  #inTurn(step: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn.then(async () => {
      if (this.#failure !== undefined) return;
      try {
        await step();
      } catch (error) {
        this.#failure = { error };
      }
    });
    return this.#turn;
  }

  /** @throws what sending failed with, such as LF_RUN_TAKEN */
  check(): void {
    if (this.#failure === undefined) return;
    const { error } = this.#failure;
    throw isLossflowError(error)
      ? error
      : new LossflowError("LF_INTERNAL", String(error), {}, { cause: error });
  }
}

const DEFAULT_FILE = "log.jsonl";
const NOTHING = new Uint8Array(0);

function headOf(head: Uint8Array, next: Uint8Array): Uint8Array {
  return head.length === HEAD_BYTES
    ? head
    : Buffer.concat([head, next.subarray(0, HEAD_BYTES - head.length)]);
}

const NEVER = new AbortController().signal;

/** Asks the leader: a direct read may come from a replica that lags. */
function lastMessage(
  nats: Nats,
  subject: string,
  signal: AbortSignal,
): ReturnType<Nats["manager"]["streams"]["getMessage"]> {
  return retrying(
    nats,
    `Reading ${LOG_STREAM}`,
    () => nats.manager.streams.getMessage(LOG_STREAM, { last_by_subj: subject }),
    signal,
  );
}
