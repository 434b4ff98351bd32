import { createConnection, type Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { connect, type ConnectionOptions, type NatsConnection } from "@nats-io/transport-node";
import { setTransportFactory } from "@nats-io/transport-node/lib/nats-base-client.js";
import { NodeTransport, nodeResolveHost } from "@nats-io/transport-node/lib/node_transport.js";
import { MessageCutter } from "./message-cutter.ts";
import type { MessageMemory } from "./message-memory.ts";

/**
 * Connects as the client does, but hands it long messages whole. By itself it gathers them in a buffer that it makes anew
 * three times for half a megabyte, from pieces that Node makes anew for each read: that costs more than folding them.
 */
export function connectWhole(options: ConnectionOptions, memory: MessageMemory): Promise<NatsConnection> {
  const connected = connect(options);
  const plain = options.tls === undefined;
  return new Promise((resolve, reject) => {
    let over = false;
    const onSilentEnd = (): void => {
      // Of several servers another may answer.
      if (over || options.servers?.length !== 1) return;
      over = true;
      reject(new SilentEnd());
    };
    const factory = (): NodeTransport =>
      plain ? new PlainTransport(memory, onSilentEnd) : new PatientTransport(onSilentEnd);
    // The client sets its own in that call, and makes no transport before this one.
    setTransportFactory({ factory, dnsResolveFn: nodeResolveHost });
    connected.then((connection) => {
      if (over) void connection.close();
      over = true;
      resolve(connection);
    }, reject);
  });
}

/** A server ended a connection over TLS that was made, and said nothing in it. */
export class SilentEnd extends Error {}

/** Tells that a server ends a connection over TLS in silence, for which the client waits out its time. */
class PatientTransport extends NodeTransport {
  readonly #onSilentEnd: () => void;

  constructor(onSilentEnd: () => void) {
    super();
    this.#onSilentEnd = onSilentEnd;
  }

  override setupHandlers(): void {
    super.setupHandlers();
    if (!this.isEncrypted()) return;
    let silent = true;
    this.socket.once("data", () => (silent = false));
    this.socket.once("close", () => {
      if (silent) this.#onSilentEnd();
    });
  }
}

interface Place {
  readonly hostname: string;
  readonly port: number;
}

/** Reads a socket that is not encrypted: long messages to where they stay, all else into one buffer again and again. */
class PlainTransport extends PatientTransport {
  readonly #memory: MessageMemory;
  #place: Place | undefined;

  constructor(memory: MessageMemory, onSilentEnd: () => void) {
    super(onSilentEnd);
    this.#memory = memory;
  }

  /** A server that asks for TLS though the address does not is dialled again as the client does it. */
  override async startTLS(): Promise<TLSSocket> {
    this.socket.destroy();
    this.yields = [];
    this.socket = await super.dial(this.#place!);
    await this.peekInfo();
    return super.startTLS();
  }

  override dial(place: Place): Promise<Socket> {
    this.#place = place;
    const { hostname, port } = place;
    return new Promise((resolve, reject) => {
      const cutter = new MessageCutter(this.#memory);
      const callback = (bytes: number): boolean => {
        for (const part of cutter.cut(bytes)) socket.emit("data", part);
        return true;
      };
      const onread = { buffer: () => cutter.room, callback };
      const socket = createConnection({ host: hostname, port, noDelay: true, onread });
      let failure: Error | undefined;
      socket.once("connect", () => {
        socket.removeAllListeners();
        resolve(socket);
      });
      socket.on("error", (error) => (failure = error));
      socket.on("close", () => {
        socket.removeAllListeners();
        reject(failure);
      });
    });
  }
}
