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
  // The client sets its own in that call, and makes no transport before this one.
  const plain = options.tls === undefined;
  const factory = (): NodeTransport => (plain ? new PlainTransport(memory) : new NodeTransport());
  setTransportFactory({ factory, dnsResolveFn: nodeResolveHost });
  return connected;
}

interface Place {
  readonly hostname: string;
  readonly port: number;
}

/** Reads a socket that is not encrypted: long messages to where they stay, all else into one buffer again and again. */
class PlainTransport extends NodeTransport {
  readonly #memory: MessageMemory;
  #place: Place | undefined;

  constructor(memory: MessageMemory) {
    super();
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
