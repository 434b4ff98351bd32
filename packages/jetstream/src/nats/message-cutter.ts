import { OWN_BYTES, type MessageMemory } from "./message-memory.ts";

const LINE_END = 10;
const [M, H, SPACE, ZERO] = [0x4d, 0x48, 0x20, 0x30];
/** Columns are used where they stand, if they stand as typed arrays want it. */
const ALIGNMENT = 64;
/** Bytes read at a time. */
const READ_BYTES = 256 * 1024;
/** Behind a long message another is likely: no more is read than tells its length, and the rest goes to its place. */
const HEAD_BYTES = 4096;

/**
 * Cuts what a socket gives into whole messages, each in memory that stays: long ones alone, read where they stay, short
 * ones together.
 */
export class MessageCutter {
  readonly #memory: MessageMemory;
  readonly #buffer = Buffer.allocUnsafeSlow(READ_BYTES);
  /** What came of a line, or of a short message, whose end did not. */
  #begun: Uint8Array = new Uint8Array(0);
  #long: { readonly bytes: Uint8Array; filled: number } | undefined;
  #afterLong = false;

  constructor(memory: MessageMemory) {
    this.#memory = memory;
  }

  /** Where the next bytes are to be written. */
  get room(): Uint8Array {
    if (this.#long !== undefined) return this.#long.bytes.subarray(this.#long.filled);
    return this.#afterLong ? this.#buffer.subarray(0, HEAD_BYTES) : this.#buffer;
  }

  /** Gives what is whole once `count` bytes more stand in the room. It is all to be taken before more is written. */
  *cut(count: number): Generator<Buffer> {
    const long = this.#long;
    if (long === undefined) {
      this.#afterLong = false;
      yield* this.#cutShort(this.#buffer.subarray(0, count));
      return;
    }
    long.filled += count;
    if (long.filled < long.bytes.length) return;
    this.#long = undefined;
    this.#afterLong = true;
    yield asBuffer(long.bytes);
  }

  *#cutShort(frame: Uint8Array): Generator<Buffer> {
    let rest = frame;
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
