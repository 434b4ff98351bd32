import { connect, type ConnectionOptions, type NatsConnection } from "@nats-io/transport-node";
import { setTransportFactory } from "@nats-io/transport-node/lib/nats-base-client.js";
import { NodeTransport, nodeResolveHost } from "@nats-io/transport-node/lib/node_transport.js";

/** A message from this many bytes on has memory of its own, which belongs to whoever reads it. */
export const OWN_BYTES: number = 64 * 1024;

/**
 * Connects as the client does, but hands it long messages whole. It would gather them in a buffer that it makes anew
 * three times for half a megabyte, which costs more than reading them.
 */
export function connectWhole(options: ConnectionOptions): Promise<NatsConnection> {
  const connected = connect(options);
  // The client sets its own in that call, and makes no transport before this one.
  setTransportFactory({ factory: () => new WholeTransport(), dnsResolveFn: nodeResolveHost });
  return connected;
}

class WholeTransport extends NodeTransport {
  override async *[Symbol.asyncIterator](): AsyncIterableIterator<Uint8Array> {
    const cutter = new MessageCutter();
    for await (const frame of this.iterate()) yield* cutter.cut(frame);
  }
}

const LINE_END = 10;
const [M, H, SPACE, ZERO] = [0x4d, 0x48, 0x20, 0x30];
/** Columns are used where they stand, if they stand as typed arrays want it. */
const ALIGNMENT = 64;

/** Cuts what a socket gives into parts between messages: what is whole stays where it is, a long message is copied once. */
export class MessageCutter {
  /** What came of a line, or of a short message, whose end did not. */
  #begun: Uint8Array = new Uint8Array(0);
  #long: { readonly bytes: Uint8Array; filled: number } | undefined;

  *cut(frame: Uint8Array): Generator<Uint8Array> {
    let rest = frame;
    const long = this.#long;
    if (long !== undefined) {
      const taken = rest.subarray(0, long.bytes.length - long.filled);
      long.bytes.set(taken, long.filled);
      long.filled += taken.length;
      if (long.filled < long.bytes.length) return;
      this.#long = undefined;
      yield long.bytes;
      rest = rest.subarray(taken.length);
    }
    if (this.#begun.length > 0) {
      rest = Buffer.concat([this.#begun, rest]);
      this.#begun = new Uint8Array(0);
    }
    let whole = 0;
    while (whole < rest.length) {
      const lineEnd = rest.indexOf(LINE_END, whole);
      const head = lineEnd === -1 ? undefined : headOf(rest, whole, lineEnd + 1);
      if (head !== undefined && whole + head.length <= rest.length) {
        whole += head.length;
        continue;
      }
      if (head !== undefined && head.length >= OWN_BYTES) {
        const bytes = alignedAt(head.dataAt, head.length);
        bytes.set(rest.subarray(whole));
        this.#long = { bytes, filled: rest.length - whole };
      } else this.#begun = rest.slice(whole);
      break;
    }
    if (whole > 0) yield rest.subarray(0, whole);
  }
}

/** Length of the message whose first line is given, and where its data begin behind its headers. */
function headOf(bytes: Uint8Array, from: number, lineEnd: number): { length: number; dataAt: number } {
  const line = lineEnd - from;
  const withHeaders = bytes[from] === H;
  if (!withHeaders && bytes[from] !== M) return { length: line, dataAt: line };
  let at = lineEnd - 3;
  const number = (): number => {
    let value = 0;
    for (let unit = 1; bytes[at] !== SPACE; at--, unit *= 10) value += unit * (bytes[at]! - ZERO);
    at--;
    return value;
  };
  const size = number();
  return { length: line + size + 2, dataAt: line + (withHeaders ? number() : 0) };
}

/** Memory in which the byte at `place` stands at a multiple of 64. */
function alignedAt(place: number, length: number): Uint8Array {
  const memory = Buffer.allocUnsafeSlow(length + ALIGNMENT);
  const skipped = (ALIGNMENT - (place % ALIGNMENT)) % ALIGNMENT;
  return new Uint8Array(memory.buffer, skipped, length);
}
