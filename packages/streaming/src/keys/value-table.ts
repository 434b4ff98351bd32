import type { ByteReader } from "../fold/byte-reader.ts";
import type { ByteWriter } from "../fold/byte-writer.ts";
import { GrowingInts } from "./growing-ints.ts";
import { HashSlots } from "./hash-slots.ts";
import { NearIntegers } from "./near-integers.ts";
import type { Nulls } from "../columns/nulls-from-validity.ts";
import { compareNumbers, type Key, type NumberKey } from "./key.ts";
import { hashOf, PairTable } from "./pair-table.ts";
import { TextTable } from "./text-table.ts";

/**
 * Gives the values of a grouping column numbers from 0, equal values the same, without an object a value. 0 and -0 are
 * equal, so are all NaN; an integer past 2^53 is known by its digits.
 */
export class ValueTable {
  #length = 0;
  /** Of each value its kind, and: the number, the number of the text or of the digits, or what is special. */
  #kinds: Uint8Array;
  #values: Float64Array;
  readonly #texts: TextTable;
  readonly #digits: TextTable;
  /** The value of each text (a text that is no UTF-8 is another's), of each string of digits and of what is special. */
  readonly #textIds: GrowingInts = new GrowingInts();
  readonly #digitIds: GrowingInts = new GrowingInts();
  readonly #specialIds: Int32Array = new Int32Array(SPECIAL.length).fill(NONE);
  /** Of numbers that are not near; made when first looked into. */
  readonly #slots: HashSlots = new HashSlots();
  /** Of all integers in its range. */
  readonly #near: NearIntegers = new NearIntegers();
  #numbers = 0;
  /** The values of 64-bit integers that were met, by their words; and of the texts of cells, by their bytes. */
  readonly #wide: readonly { readonly words: PairTable; readonly ids: GrowingInts }[];
  readonly #cells: { readonly texts: TextTable; readonly ids: GrowingInts };
  readonly #number: Float64Array = new Float64Array(1);
  readonly #words: Int32Array = new Int32Array(this.#number.buffer);

  constructor(
    kinds: Uint8Array = new Uint8Array(64),
    values: Float64Array = new Float64Array(64),
    texts: TextTable = new TextTable(),
    digits: TextTable = new TextTable(),
  ) {
    this.#kinds = kinds;
    this.#values = values;
    this.#texts = texts;
    this.#digits = digits;
    const wide = (): { words: PairTable; ids: GrowingInts } => ({
      words: new PairTable(),
      ids: new GrowingInts(),
    });
    this.#wide = [wide(), wide()];
    this.#cells = { texts: new TextTable(), ids: new GrowingInts() };
  }

  get length(): number {
    return this.#length;
  }

  ofNull(): number {
    return this.#ofSpecial(0);
  }

  ofBoolean(value: boolean): number {
    return this.#ofSpecial(value ? 2 : 1);
  }

  ofNumber(x: number): number {
    if (x - x !== 0) return this.#ofSpecial(x > 0 ? 4 : x < 0 ? 5 : 3);
    const number = x + 0;
    if (this.#near.covers(number) || (Number.isSafeInteger(number) && this.#widen(number, number, 1)))
      return this.#ofNear(number);
    const slots = this.#slots;
    if (slots.isFull(1)) this.#makeSlots(this.#numbers + 64);
    let slot = slots.first(this.#hashOf(number));
    for (let id = slots.at(slot); id !== -1; id = slots.at(slot)) {
      if (this.#values[id] === number) return id;
      slot = slots.after(slot);
    }
    slots.put(slot, this.#length);
    this.#numbers++;
    return this.#push(NUMBER, number);
  }

  /** The values of rows of integers, written to `ids`; what is known costs little more than its reading. */
  ofIntegers(integers: Int32Array, nulls: Nulls, ids: Int32Array): void {
    this.#near.find(
      integers,
      nulls,
      ids,
      (x) => this.ofNumber(x),
      () => this.ofNull(),
    );
  }

  /** A 64-bit integer past 2^53, by its words. */
  ofWords(low: number, high: number, signed: boolean): number {
    const { words, ids } = this.#wide[signed ? 1 : 0]!;
    const pair = words.idOf(low, high);
    if (pair === ids.length) {
      const value = (BigInt(signed ? high | 0 : high >>> 0) << 32n) | BigInt(low >>> 0);
      ids.push(this.ofDigits(String(value)));
    }
    return ids.at(pair);
  }

  /** An integer past 2^53, by its digits: no sign but a minus, no zero before others. */
  ofDigits(digits: string): number {
    const bytes = encoder.encode(digits);
    return this.#ofText(DIGITS, this.#digits.idOf(bytes, 0, bytes.length));
  }

  /** The text `bytes[from .. to)`; where that is no UTF-8, the text that decoding makes of it. */
  ofText(bytes: Uint8Array, from: number, to: number): number {
    const text = this.#texts.idOf(bytes, from, to);
    const ids = this.#textIds;
    if (text < ids.length && ids.at(text) !== NONE) return ids.at(text);
    const decoded = this.#texts.textAt(text);
    const whole = encoder.encode(decoded);
    const isWhole = whole.length === to - from && whole.every((byte, i) => byte === bytes[from + i]);
    if (isWhole) return this.#ofText(TEXT, text);
    const id = this.ofString(decoded);
    setAt(ids, text, id);
    return id;
  }

  ofString(text: string): number {
    const bytes = encoder.encode(text);
    return this.ofText(bytes, 0, bytes.length);
  }

  /** The text of a CSV cell, whose value `read` finds where the same bytes were not met before. */
  ofCell(bytes: Uint8Array, from: number, to: number, read: () => number): number {
    const { texts, ids } = this.#cells;
    const id = texts.idOf(bytes, from, to);
    if (id === ids.length) ids.push(read());
    return ids.at(id);
  }

  /** Makes room for the values of another, which must be done before {@link idIn} takes them in their order. */
  reserveFor(other: ValueTable): void {
    const far = other.#numbers - this.#reserveNear(other);
    if (far > 0 && this.#slots.isFull(far)) this.#makeSlots(far);
    this.#texts.reserve(other.#texts.length);
    this.#digits.reserve(other.#digits.length);
  }

  /** The number in this table of value `id` of another. */
  idIn(other: ValueTable, id: number): number {
    const value = other.#values[id]!;
    switch (other.#kinds[id]) {
      case NUMBER:
        return this.ofNumber(value);
      case TEXT:
        return this.#ofText(TEXT, this.#texts.idIn(other.#texts, value));
      case DIGITS:
        return this.#ofText(DIGITS, this.#digits.idIn(other.#digits, value));
      default:
        return this.#ofSpecial(value);
    }
  }

  keyAt(id: number): Key {
    const value = this.#values[id]!;
    switch (this.#kinds[id]) {
      case NUMBER:
        return { t: "n", v: value };
      case TEXT:
        return { t: "s", v: this.#texts.textAt(value) };
      case DIGITS:
        return { t: "i", v: this.#digits.textAt(value) };
      default:
        return SPECIAL[value]!;
    }
  }

  /** Compares two values: false before true, numbers, NaN and infinities, texts by their characters, null last. */
  compare(a: number, b: number): number {
    const rank = this.#rankOf(a) - this.#rankOf(b);
    if (rank !== 0 || a === b) return rank;
    const [left, right] = [this.#values[a]!, this.#values[b]!];
    const kind = this.#kinds[a];
    if (kind === TEXT) return this.#texts.compare(left, right);
    if (kind === this.#kinds[b])
      return kind === NUMBER ? left - right : this.#digits.compareDigits(left, right);
    return compareNumbers(this.keyAt(a) as NumberKey, this.keyAt(b) as NumberKey);
  }

  #rankOf(id: number): number {
    switch (this.#kinds[id]) {
      case NUMBER:
      case DIGITS:
        return 3;
      case TEXT:
        return 7;
      default:
        return SPECIAL_RANKS[this.#values[id]!]!;
    }
  }

  /** All values, where each of them is a finite number; else null. */
  numbers(): Float64Array | null {
    return this.#numbers === this.#length ? this.#values.subarray(0, this.#length) : null;
  }

  /** All values, sorted, where each of them is a finite number; else null. */
  sortedNumbers(): Int32Array | null {
    if (this.#near.held === this.#length) return this.#near.inOrder();
    // Numbers alone sort without comparing by a function; each is then looked up again.
    const numbers = this.numbers();
    return numbers === null ? null : Int32Array.from(numbers.slice().sort(), (x) => this.ofNumber(x));
  }

  /** Takes all values out; the room stays. */
  clear(): void {
    this.#length = 0;
    this.#numbers = 0;
    this.#slots.clear();
    this.#near.clear();
    this.#specialIds.fill(NONE);
    for (const { texts, ids } of [
      { texts: this.#texts, ids: this.#textIds },
      { texts: this.#digits, ids: this.#digitIds },
      this.#cells,
      ...this.#wide.map(({ words, ids: all }) => ({ texts: words, ids: all })),
    ]) {
      texts.clear();
      ids.clear();
    }
  }

  /** All values, so that a table that they are looked up in one after the other finds each near the one before. */
  inOrder(): Int32Array {
    if (this.#near.held === this.#length) return this.#near.inOrder();
    if (this.#numbers === this.#length && this.#near.held === 0) return this.#slots.inOrder(this.#length);
    const order = new Int32Array(this.#length);
    let count = 0;
    for (const [texts, ids] of [
      [this.#texts, this.#textIds] as const,
      [this.#digits, this.#digitIds] as const,
    ]) {
      for (const text of texts.inOrder()) {
        const id = text < ids.length ? ids.at(text) : NONE;
        // A text that is no UTF-8 is the value of another.
        if (id !== NONE && this.#values[id] === text) order[count++] = id;
      }
    }
    for (let id = 0; id < this.#length; id++) {
      if (this.#kinds[id] === NUMBER || this.#kinds[id] === SPECIALS) order[count++] = id;
    }
    return order;
  }

  /** Writes the values, value i being `order[i]`. */
  write(out: ByteWriter, order: Int32Array): void {
    const kinds = new Uint8Array(order.length);
    const values = new Float64Array(order.length);
    const texts: [number[], number[]] = [[], []];
    for (const [i, id] of order.entries()) {
      const kind = this.#kinds[id]!;
      kinds[i] = kind;
      values[i] = this.#values[id]!;
      if (kind === NUMBER || kind === SPECIALS) continue;
      values[i] = texts[kind - TEXT]!.push(this.#values[id]!) - 1;
    }
    out.bytes(kinds);
    out.doubles(values);
    this.#texts.write(out, Int32Array.from(texts[0]));
    this.#digits.write(out, Int32Array.from(texts[1]));
  }

  /** @throws LF_STATE_DAMAGED */
  static read(from: ByteReader): ValueTable {
    const kinds = from.bytes();
    const values = from.doubles();
    const table = new ValueTable(kinds, values, TextTable.read(from), TextTable.read(from));
    if (kinds.length !== values.length) throw from.damaged();
    for (const [id, kind] of kinds.entries()) {
      const value = values[id]!;
      const isHere = (count: number): boolean => Number.isInteger(value) && value >= 0 && value < count;
      if (kind === NUMBER) {
        if (!Number.isFinite(value)) throw from.damaged();
        table.#numbers++;
      } else if (kind === SPECIALS) {
        if (!isHere(SPECIAL.length) || table.#specialIds[value] !== NONE) throw from.damaged();
        table.#specialIds[value] = id;
      } else {
        const [ids, texts] =
          kind === TEXT ? [table.#textIds, table.#texts] : [table.#digitIds, table.#digits];
        if (kind > DIGITS || !isHere(texts.length) || (ids.length > value && ids.at(value) !== NONE))
          throw from.damaged();
        setAt(ids, value, id);
      }
    }
    table.#length = kinds.length;
    return table;
  }

  #ofText(kind: number, text: number): number {
    const ids = kind === TEXT ? this.#textIds : this.#digitIds;
    if (text >= ids.length || ids.at(text) === NONE) setAt(ids, text, this.#push(kind, text));
    return ids.at(text);
  }

  #ofSpecial(which: number): number {
    if (this.#specialIds[which] === NONE) this.#specialIds[which] = this.#push(SPECIALS, which);
    return this.#specialIds[which]!;
  }

  #push(kind: number, value: number): number {
    const id = this.#length++;
    if (id >= this.#kinds.length) {
      const size = Math.max(64, Math.floor(1.5 * id));
      const kinds = new Uint8Array(size);
      kinds.set(this.#kinds);
      this.#kinds = kinds;
      const values = new Float64Array(size);
      values.set(this.#values);
      this.#values = values;
    }
    this.#kinds[id] = kind;
    this.#values[id] = value;
    return id;
  }

  #ofNear(integer: number): number {
    const near = this.#near;
    const known = near.at(integer);
    if (known !== -1) return known;
    this.#numbers++;
    const id = this.#push(NUMBER, integer);
    near.put(integer, id);
    return id;
  }

  /** Has integers from `least` to `most` found by their place, where they lie near enough: those that are there already too. */
  #widen(least: number, most: number, more: number): boolean {
    const near = this.#near;
    if (!near.widen(least, most, more)) return false;
    for (let id = 0; id < this.#length; id++) {
      const value = this.#values[id]!;
      if (this.#kinds[id] === NUMBER && near.covers(value) && near.at(value) === -1) near.put(value, id);
    }
    return true;
  }

  /** Makes room for the integers of another. @returns how many of its numbers will be found by their place. */
  #reserveNear(other: ValueTable): number {
    let least = Infinity;
    let most = -Infinity;
    for (let id = 0; id < other.#length; id++) {
      const value = other.#values[id]!;
      if (other.#kinds[id] !== NUMBER || !Number.isSafeInteger(value)) continue;
      if (value < least) least = value;
      if (value > most) most = value;
    }
    if (least > most) return 0;
    this.#widen(least, most, other.#numbers);
    let count = 0;
    for (let id = 0; id < other.#length; id++)
      if (other.#kinds[id] === NUMBER && this.#near.covers(other.#values[id]!)) count++;
    return count;
  }

  #hashOf(x: number): number {
    this.#number[0] = x;
    return hashOf(this.#words[0]!, this.#words[1]!);
  }

  #makeSlots(more: number): void {
    this.#slots.rebuild(
      this.#length,
      more,
      (id) => this.#hashOf(this.#values[id]!),
      (id) => this.#kinds[id] === NUMBER && !this.#near.covers(this.#values[id]!),
    );
  }
}

function setAt(ids: GrowingInts, index: number, id: number): void {
  while (ids.length <= index) ids.push(NONE);
  ids.set(index, id);
}

/** Stands for a text that is no value. */
const NONE = -1;
const encoder = new TextEncoder();
const [NUMBER, TEXT, DIGITS, SPECIALS] = [0, 1, 2, 3] as const;
const SPECIAL: readonly Key[] = [
  null,
  { t: "b", v: false },
  { t: "b", v: true },
  { t: "f", v: "NaN" },
  { t: "f", v: "Infinity" },
  { t: "f", v: "-Infinity" },
];
/** Where those stand among all values: of numbers 3, of texts 7; NaN and the infinities in the order of their names. */
const SPECIAL_RANKS = [8, 1, 2, 6, 5, 4];
