import type { ServerResponse } from "node:http";
import { toJson } from "../format/json-text.ts";
import { BoardReader } from "../plot/board-reader.ts";
import type { RunBoard } from "../plot/run-board.ts";

/** What streams may take. */
export interface StreamLimits {
  /** Streams open at once. */
  readonly streams: number;
  /** Bytes that may wait for a reader; with more it gets nothing new until it has read. */
  readonly heldBytes: number;
  /** Milliseconds that so much may wait before the reader is let go. */
  readonly patience: number;
}

/** Milliseconds between looks for news, and between signs of life. */
const TICK = 100;
const PULSE = 15_000;
/** What a browser waits before it comes back. */
const RETRY = 1_000;

interface Stream {
  readonly response: ServerResponse;
  readonly reader: BoardReader;
  sent: number;
  /** Since when too much waits for it, null where it keeps up. */
  behind: number | null;
}

/**
 * Sends what is new on a board to every open stream, as server-sent events. Each stream remembers what it was told:
 * one that reads slowly gets fewer and larger updates, and one that reads no more is let go.
 */
export class UpdateStreams {
  readonly #board: RunBoard;
  readonly #limits: StreamLimits;
  readonly #streams: Set<Stream> = new Set();
  #timer: NodeJS.Timeout | null = null;

  constructor(board: RunBoard, limits: StreamLimits) {
    this.#board = board;
    this.#limits = limits;
  }

  get isFull(): boolean {
    return this.#streams.size >= this.#limits.streams;
  }

  /** Opens a stream: everything so far at once, then what is new. */
  open(response: ServerResponse): void {
    response.writeHead(200, { "Content-Type": "text/event-stream; charset=utf-8" });
    response.write(`retry: ${RETRY}\n\n`);
    const stream: Stream = { response, reader: new BoardReader(this.#board), sent: 0, behind: null };
    this.#streams.add(stream);
    response.on("close", () => {
      this.#streams.delete(stream);
      if (this.#streams.size === 0) this.#stop();
    });
    this.#send(stream, Date.now());
    this.#timer ??= setInterval(() => this.#tick(), TICK);
  }

  /** Ends every stream. */
  close(): void {
    this.#stop();
    for (const { response } of this.#streams) response.destroy();
  }

  #stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  #tick(): void {
    const now = Date.now();
    for (const { run } of this.#board.entries()) run.fold.idle(now / 1000);
    for (const stream of this.#streams) this.#send(stream, now);
  }

  #send(stream: Stream, now: number): void {
    const { response, reader } = stream;
    if (response.writableLength > this.#limits.heldBytes) {
      stream.behind ??= now;
      if (now - stream.behind >= this.#limits.patience) response.destroy();
      return;
    }
    stream.behind = null;
    const update = reader.take(now);
    if (update !== null) response.write(`data: ${toJson(update)}\n\n`);
    else if (now - stream.sent >= PULSE) response.write(": still here\n\n");
    else return;
    stream.sent = now;
  }
}
