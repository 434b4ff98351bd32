import type { ConsumerMessages } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";

/** A connection is moved at most this often, in milliseconds: what it moved to needs time to answer. */
const MOVE_MS = 5_000;
/** Milliseconds that a connection has to let go of its server. */
const LET_GO_MS = 500;

/**
 * What a connection does while its servers are silent: says so once, and leaves a server that is cut off from its
 * cluster. Such a server keeps its connections and answers pings, but nobody in it can answer for JetStream.
 */
export class Outage {
  readonly #connection: NatsConnection;
  readonly #tell: (sentence: string) => void;
  #waiting = 0;
  #moved = -Infinity;
  readonly #readers = new Set<() => void>();
  /** The server that the connection was moved from. */
  #left: string | undefined;

  constructor(connection: NatsConnection, tell: (sentence: string) => void) {
    this.#connection = connection;
    this.#tell = tell;
  }

  /** An operation waits for an answer; `end` must follow. */
  begin(what: string): void {
    if (this.#waiting++ === 0) this.#tell(`${what}; waiting for the servers.`);
  }

  end(answered: boolean): void {
    if (--this.#waiting === 0 && answered) this.#tell("The servers answer again.");
  }

  /**
   * Moves on where the signs of life of a consumer do not come, until it is stopped. A consumer that only reads lives on
   * one server, which may be the one that is gone: it is stopped then, and after each reconnection, for its reader to
   * make another where it is.
   */
  async watch(messages: ConsumerMessages, kind: "reads" | "shared"): Promise<void> {
    const stop = (): void => messages.stop();
    if (kind === "reads") this.#readers.add(stop);
    for await (const { type } of messages.status()) {
      if (type !== "heartbeats_missed") continue;
      this.moveOn();
      if (kind === "reads") stop();
    }
    this.#readers.delete(stop);
  }

  /** Connects to another server of the cluster, if there is one. */
  moveOn(): void {
    const connection = this.#connection;
    const now = performance.now();
    if (connection.isClosed() || connection.info?.cluster === undefined || now - this.#moved < MOVE_MS)
      return;
    this.#moved = now;
    this.#left = connection.getServer();
    void connection.reconnect();
  }

  /** Sees to it, while the connection lives, that it lets go of a server and does not come back to it at once. */
  async attend(): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    for await (const { type } of this.#connection.status()) {
      if (type === "staleConnection" || type === "forceReconnect") {
        timer ??= setTimeout(() => destroySocket(this.#connection), LET_GO_MS);
      } else if (type === "disconnect") {
        clearTimeout(timer);
        timer = undefined;
      } else if (type === "reconnect") {
        const again = this.#left === this.#connection.getServer();
        this.#left = undefined;
        if (again) void this.#connection.reconnect();
        else for (const stop of this.#readers) stop();
      }
    }
    clearTimeout(timer);
  }
}

/**
 * The client writes what is left before it lets go of a socket, which over a cut cable ends after a quarter of an hour.
 * It has no call for this.
 */
function destroySocket(connection: NatsConnection): void {
  const { protocol } = connection as { protocol?: { transport?: { socket?: { destroy(): void } } } };
  protocol?.transport?.socket?.destroy();
}
