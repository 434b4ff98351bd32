import { LossflowError } from "@lossflow/core";
import type { ByteReader } from "../fold/byte-reader.ts";
import type { ByteWriter } from "../fold/byte-writer.ts";
import { GrowingInts } from "./growing-ints.ts";
import { HashSlots } from "./hash-slots.ts";

/**
 * Gives texts numbers from 0, equal bytes the same. The bytes lie one after the other, without an object a text: a text
 * costs its bytes and some 24 more.
 */
export class TextTable {
  #bytes: Uint8Array;
  /** Where each text ends. */
  readonly #ends: GrowingInts;
  readonly #hashes: GrowingInts = new GrowingInts();
  /** Made when first looked into. */
  readonly #slots: HashSlots = new HashSlots();
  readonly #decoder: TextDecoder = new TextDecoder("utf-8", { ignoreBOM: true });

  constructor(bytes: Uint8Array = new Uint8Array(256), ends: GrowingInts = new GrowingInts()) {
    this.#bytes = bytes;
    this.#ends = ends;
  }

  get length(): number {
    return this.#ends.length;
  }

  /** Finds the number of the text `bytes[from .. to)`, which is added where it is not there yet. */
  idOf(bytes: Uint8Array, from: number, to: number): number {
    const slots = this.#slots;
    if (slots.isFull(1)) this.#makeSlots(this.length + 64);
    const hash = hashOf(bytes, from, to);
    let slot = slots.first(hash);
    for (let id = slots.at(slot); id !== -1; id = slots.at(slot)) {
      if (this.#hashes.at(id) === hash && this.#isAt(id, bytes, from, to)) return id;
      slot = slots.after(slot);
    }
    slots.put(slot, this.#ends.length);
    this.#push(bytes, from, to);
    this.#hashes.push(hash);
    return this.#ends.length - 1;
  }

  /** Makes room for `more` texts, which must be done before texts come in the order of their hashes. */
  reserve(more: number): void {
    if (this.#slots.isFull(more)) this.#makeSlots(more);
  }

  /** The number in this table of text `id` of another. */
  idIn(other: TextTable, id: number): number {
    return this.idOf(other.#bytes, other.#startOf(id), other.#ends.at(id));
  }

  textAt(id: number): string {
    return this.#decoder.decode(this.#bytes.subarray(this.#startOf(id), this.#ends.at(id)));
  }

  /** Compares two texts by their UTF-16 units, as JavaScript does, without decoding them. */
  compare(a: number, b: number): number {
    const [from, to] = [this.#startOf(a), this.#startOf(b)];
    const [left, right] = [this.#ends.at(a) - from, this.#ends.at(b) - to];
    const bytes = this.#bytes;
    for (let i = 0; i < left && i < right; i++) {
      const [x, y] = [bytes[from + i]!, bytes[to + i]!];
      if (x !== y) return rankOfByte(x) - rankOfByte(y);
    }
    return left - right;
  }

  /** Compares two texts that are integers, without a zero or a plus before their digits, by value. */
  compareDigits(a: number, b: number): number {
    const [left, right] = [a, b].map((id) => this.#ends.at(id) - this.#startOf(id)) as [number, number];
    const isNegative = this.#bytes[this.#startOf(a)] === MINUS;
    if (isNegative !== (this.#bytes[this.#startOf(b)] === MINUS)) return isNegative ? -1 : 1;
    const order = left === right ? this.compare(a, b) : left - right;
    return isNegative ? -order : order;
  }

  /** Takes all texts out; the room stays. */
  clear(): void {
    this.#ends.clear();
    this.#hashes.clear();
    this.#slots.clear();
  }

  /** All texts, in about the order of their hashes. */
  inOrder(): Int32Array {
    return this.#slots.inOrder(this.length);
  }

  /** Writes some texts, in this order. */
  write(out: ByteWriter, order: Int32Array): void {
    const ends = new Int32Array(order.length);
    let size = 0;
    for (const [i, id] of order.entries()) ends[i] = size += this.#ends.at(id) - this.#startOf(id);
    const bytes = new Uint8Array(size);
    for (const [i, id] of order.entries()) {
      let to = i === 0 ? 0 : ends[i - 1]!;
      for (let at = this.#startOf(id); at < this.#ends.at(id); at++) bytes[to++] = this.#bytes[at]!;
    }
    out.ints(ends);
    out.bytes(bytes);
  }

  /** @throws LF_STATE_DAMAGED where an end lies before the one before it or outside of the bytes. */
  static read(from: ByteReader): TextTable {
    const ends = from.ints();
    const bytes = from.bytes();
    let last = 0;
    for (const end of ends) {
      if (end < last) throw from.damaged();
      last = end;
    }
    if (last !== bytes.length) throw from.damaged();
    return new TextTable(bytes, GrowingInts.of(ends));
  }

  #startOf(id: number): number {
    return id === 0 ? 0 : this.#ends.at(id - 1);
  }

  #isAt(id: number, bytes: Uint8Array, from: number, to: number): boolean {
    const start = this.#startOf(id);
    if (this.#ends.at(id) - start !== to - from) return false;
    const own = this.#bytes;
    for (let i = from, at = start; i < to; i++, at++) if (bytes[i] !== own[at]) return false;
    return true;
  }

  #push(bytes: Uint8Array, from: number, to: number): void {
    const start = this.#startOf(this.#ends.length);
    const end = start + to - from;
    if (end > MOST_BYTES) {
      throw new LossflowError(
        "LF_TOO_MANY_GROUPS",
        "The keys of the groups hold more than 2 GiB of text; group by shorter ones.",
      );
    }
    if (end > this.#bytes.length) {
      const larger = new Uint8Array(Math.min(MOST_BYTES, Math.max(256, 2 * end)));
      larger.set(this.#bytes.subarray(0, start));
      this.#bytes = larger;
    }
    for (let i = from, at = start; i < to; i++, at++) this.#bytes[at] = bytes[i]!;
    this.#ends.push(end);
  }

  #makeSlots(more: number): void {
    const length = this.#ends.length;
    for (let id = this.#hashes.length; id < length; id++) {
      this.#hashes.push(hashOf(this.#bytes, this.#startOf(id), this.#ends.at(id)));
    }
    this.#slots.rebuild(length, more, (id) => this.#hashes.at(id));
  }
}

const MINUS = 0x2d;
const MOST_BYTES = 2 ** 31 - 1;

/** UTF-16 has what is past U+FFFF, 0xF0 to 0xF4 in UTF-8, before U+E000 to U+FFFF, which begin with 0xEE and 0xEF. */
function rankOfByte(byte: number): number {
  return byte === 0xee || byte === 0xef ? byte + 7 : byte;
}

/** FNV-1a, its bits mixed once more since the highest choose the slot. */
function hashOf(bytes: Uint8Array, from: number, to: number): number {
  let hash = 0x811c9dc5;
  for (let i = from; i < to; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x2c1b3c6d);
  return Math.imul(hash ^ (hash >>> 13), 0x297a2d39);
}
