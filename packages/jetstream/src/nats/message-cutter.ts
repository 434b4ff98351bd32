import { OWN_BYTES, type MessageMemory } from "./message-memory.ts";

const LINE_END = 10;
const [M, H, SPACE, ZERO] = [0x4d, 0x48, 0x20, 0x30];
/** Columns are used where they stand, if they stand as typed arrays want it. */
const ALIGNMENT = 64;
/** Cuts what a socket reads into whole messages, each in memory that stays: long ones alone, short ones together. */
export class MessageCutter {
  readonly #memory: MessageMemory;
  /** What came of a line, or of a short message, whose end did not. */
  #begun: Uint8Array = new Uint8Array(0);
  #long: { readonly bytes: Uint8Array; filled: number } | undefined;

  constructor(memory: MessageMemory) {
    this.#memory = memory;
  }

  /** @param frame whose memory is used again once all parts have been taken */
  *cut(frame: Uint8Array): Generator<Buffer> {
    let rest = frame;
    const long = this.#long;
    if (long !== undefined) {
      const taken = rest.subarray(0, long.bytes.length - long.filled);
      long.bytes.set(taken, long.filled);
      long.filled += taken.length;
      if (long.filled < long.bytes.length) return;
      this.#long = undefined;
      yield asBuffer(long.bytes);
      rest = rest.subarray(taken.length);
    }
    if (this.#begun.length > 0) {
      rest = Buffer.concat([this.#begun, rest]);
      this.#begun = new Uint8Array(0);
    }
    let from = 0;
    let at = 0;
    while (at < rest.length) {
      const lineEnd = rest.indexOf(LINE_END, at);
      const head = lineEnd === -1 ? undefined : headOf(rest, at, lineEnd + 1);
      const isLong = head !== undefined && head.length >= OWN_BYTES;
      if (head !== undefined && !isLong && at + head.length <= rest.length) {
        at += head.length;
        continue;
      }
      if (at > from) yield Buffer.from(rest.subarray(from, at));
      from = rest.length;
      if (!isLong) {
        this.#begun = new Uint8Array(rest.subarray(at));
        break;
      }
      const bytes = this.#alignedAt(head.dataAt, head.length);
      const there = rest.subarray(at, at + head.length);
      bytes.set(there);
      at += there.length;
      from = at;
      if (there.length === head.length) yield asBuffer(bytes);
      else this.#long = { bytes, filled: there.length };
    }
    if (at > from && from < rest.length) yield Buffer.from(rest.subarray(from, at));
  }

  /** Memory in which the byte at `place` stands at a multiple of 64. */
  #alignedAt(place: number, length: number): Uint8Array {
    const skipped = (ALIGNMENT - (place % ALIGNMENT)) % ALIGNMENT;
    return this.#memory.take(length + ALIGNMENT).subarray(skipped, skipped + length);
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

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
