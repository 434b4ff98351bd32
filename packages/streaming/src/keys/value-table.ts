import type { Nulls } from "../columns/nulls-from-validity.ts";
import type { ByteReader } from "../fold/byte-reader.ts";
import type { ByteWriter } from "../fold/byte-writer.ts";
import { GrowingInts } from "./growing-ints.ts";
import { compareNumbers, type Key, type NumberKey } from "./key.ts";
import { NumberIds } from "./number-ids.ts";
import { PairTable } from "./pair-table.ts";
import { TextIds } from "./text-ids.ts";
import { TextTable } from "./text-table.ts";
import { DIGITS, NUMBER, SPECIAL, TEXT, ValueList } from "./value-list.ts";

/**
 * Gives the values of a grouping column numbers from 0, equal values the same, without an object a value. 0 and -0 are
 * equal, so are all NaN; an integer past 2^53 is known by its digits.
 */
export class ValueTable {
  readonly #list: ValueList;
  readonly #numbers: NumberIds;
  readonly #texts: TextIds;
  readonly #digits: TextIds;
  /** The value of each of {@link SPECIAL_KEYS}, -1 where it is not there. */
  readonly #specialIds: Int32Array = new Int32Array(SPECIAL_KEYS.length).fill(-1);
  /** The values of 64-bit integers that were met, by their words, unsigned ones first; and of the texts of cells, by their bytes. */
  readonly #wide = [
    { words: new PairTable(), ids: new GrowingInts() },
    { words: new PairTable(), ids: new GrowingInts() },
  ] as const;
  readonly #cells = { texts: new TextTable(), ids: new GrowingInts() };

  /** @param list values which the table takes over, with the texts and the digits that they are. */
  constructor(list: ValueList = new ValueList(), texts?: TextTable, digits?: TextTable) {
    this.#list = list;
    this.#numbers = new NumberIds(list);
    this.#texts = new TextIds(TEXT, list, texts);
    this.#digits = new TextIds(DIGITS, list, digits);
  }

  get length(): number {
    return this.#list.length;
  }

  ofNull(): number {
    return this.#ofSpecial(0);
  }

  ofBoolean(value: boolean): number {
    return this.#ofSpecial(value ? 2 : 1);
  }

  ofNumber(x: number): number {
    return x - x === 0 ? this.#numbers.idOf(x) : this.#ofSpecial(x > 0 ? 4 : x < 0 ? 5 : 3);
  }

  /** The values of rows of integers, written to `ids`; what is known costs little more than its reading. */
  ofIntegers(integers: Int32Array, nulls: Nulls, ids: Int32Array): void {
    this.#numbers.idsOf(integers, nulls, ids, () => this.ofNull());
  }

  /** A 64-bit integer past 2^53, by its words. */
  ofWords(low: number, high: number, signed: boolean): number {
    const { words, ids } = this.#wide[signed ? 1 : 0];
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
    return this.#digits.idOfBytes(bytes, 0, bytes.length);
  }

  /** The text `bytes[from .. to)`; where that is no UTF-8, the text that decoding makes of it. */
  ofText(bytes: Uint8Array, from: number, to: number): number {
    const { table } = this.#texts;
    const text = table.idOf(bytes, from, to);
    const known = this.#texts.known(text);
    if (known !== -1) return known;
    if (isAscii(bytes, from, to)) return this.#texts.idOf(text);
    const decoded = table.textAt(text);
    const whole = encoder.encode(decoded);
    const isWhole = whole.length === to - from && whole.every((byte, i) => byte === bytes[from + i]);
    if (isWhole) return this.#texts.idOf(text);
    const id = this.ofString(decoded);
    this.#texts.note(text, id);
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
    this.#numbers.reserveFor(other.#numbers);
    this.#texts.table.reserve(other.#texts.table.length);
    this.#digits.table.reserve(other.#digits.table.length);
  }

  /** The number in this table of value `id` of another. */
  idIn(other: ValueTable, id: number): number {
    const value = other.#list.valueAt(id);
    switch (other.#list.kindAt(id)) {
      case NUMBER:
        return this.#numbers.idOf(value);
      case TEXT:
        return this.#texts.idIn(other.#texts, value);
      case DIGITS:
        return this.#digits.idIn(other.#digits, value);
      default:
        return this.#ofSpecial(value);
    }
  }

  keyAt(id: number): Key {
    const value = this.#list.valueAt(id);
    switch (this.#list.kindAt(id)) {
      case NUMBER:
        return { t: "n", v: value };
      case TEXT:
        return { t: "s", v: this.#texts.table.textAt(value) };
      case DIGITS:
        return { t: "i", v: this.#digits.table.textAt(value) };
      default:
        return SPECIAL_KEYS[value]!;
    }
  }

  /** Compares two values: false before true, numbers, NaN and infinities, texts by their characters, null last. */
  compare(a: number, b: number): number {
    const rank = this.#rankOf(a) - this.#rankOf(b);
    if (rank !== 0 || a === b) return rank;
    const list = this.#list;
    const [left, right] = [list.valueAt(a), list.valueAt(b)];
    const kind = list.kindAt(a);
    if (kind === TEXT) return this.#texts.table.compare(left, right);
    if (kind === list.kindAt(b))
      return kind === NUMBER ? left - right : this.#digits.table.compareDigits(left, right);
    return compareNumbers(this.keyAt(a) as NumberKey, this.keyAt(b) as NumberKey);
  }

  /** All values, where each of them is a finite number; else null. */
  numbers(): Float64Array | null {
    return this.#numbers.numbers();
  }

  /** All values, sorted, where each of them is a finite number; else null. */
  sortedNumbers(): Int32Array | null {
    return this.#numbers.sorted();
  }

  /** Takes all values out; the room stays. */
  clear(): void {
    this.#list.clear();
    this.#numbers.clear();
    this.#texts.clear();
    this.#digits.clear();
    this.#specialIds.fill(-1);
    for (const { words, ids } of this.#wide) {
      words.clear();
      ids.clear();
    }
    this.#cells.texts.clear();
    this.#cells.ids.clear();
  }

  /** All values, so that a table that they are looked up in one after the other finds each near the one before. */
  inOrder(): Int32Array {
    const numbers = this.#numbers.inOrder();
    if (numbers !== null) return numbers;
    const order = new Int32Array(this.length);
    let count = 0;
    for (const texts of [this.#texts, this.#digits]) {
      const ids = texts.inOrder();
      order.set(ids, count);
      count += ids.length;
    }
    for (let id = 0; id < order.length; id++) {
      const kind = this.#list.kindAt(id);
      if (kind === NUMBER || kind === SPECIAL) order[count++] = id;
    }
    return order;
  }

  /** Writes the values, value i being `order[i]`. */
  write(out: ByteWriter, order: Int32Array): void {
    const kinds = new Uint8Array(order.length);
    const values = new Float64Array(order.length);
    const texts: number[] = [];
    const digits: number[] = [];
    for (const [i, id] of order.entries()) {
      const kind = this.#list.kindAt(id);
      const value = this.#list.valueAt(id);
      kinds[i] = kind;
      values[i] = kind === TEXT ? texts.push(value) - 1 : kind === DIGITS ? digits.push(value) - 1 : value;
    }
    out.bytes(kinds);
    out.doubles(values);
    this.#texts.table.write(out, Int32Array.from(texts));
    this.#digits.table.write(out, Int32Array.from(digits));
  }

  /** @throws LF_STATE_DAMAGED */
  static read(from: ByteReader): ValueTable {
    const kinds = from.bytes();
    const values = from.doubles();
    const [texts, digits] = [TextTable.read(from), TextTable.read(from)];
    if (kinds.length !== values.length) throw from.damaged();
    const table = new ValueTable(ValueList.of(kinds, values), texts, digits);
    for (const [id, kind] of kinds.entries()) {
      const value = values[id]!;
      const isHere = (count: number): boolean => Number.isInteger(value) && value >= 0 && value < count;
      if (kind === NUMBER) {
        if (!Number.isFinite(value)) throw from.damaged();
      } else if (kind === SPECIAL) {
        if (!isHere(SPECIAL_KEYS.length) || table.#specialIds[value] !== -1) throw from.damaged();
        table.#specialIds[value] = id;
      } else {
        const found = kind === TEXT ? table.#texts : table.#digits;
        if (kind > DIGITS || !isHere(found.table.length) || found.known(value) !== -1) throw from.damaged();
        found.note(value, id);
      }
    }
    return table;
  }

  #rankOf(id: number): number {
    switch (this.#list.kindAt(id)) {
      case NUMBER:
      case DIGITS:
        return 3;
      case TEXT:
        return 7;
      default:
        return SPECIAL_RANKS[this.#list.valueAt(id)]!;
    }
  }

  #ofSpecial(which: number): number {
    if (this.#specialIds[which] === -1) this.#specialIds[which] = this.#list.push(SPECIAL, which);
    return this.#specialIds[which]!;
  }
}

/** Whether all bytes are of characters below U+0080, which are UTF-8 as they stand: such texts need no decoding. */
function isAscii(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (bytes[i]! >= 0x80) return false;
  return true;
}

const encoder = new TextEncoder();
const SPECIAL_KEYS: readonly Key[] = [
  null,
  { t: "b", v: false },
  { t: "b", v: true },
  { t: "f", v: "NaN" },
  { t: "f", v: "Infinity" },
  { t: "f", v: "-Infinity" },
];
/** Where those stand among all values: of numbers 3, of texts 7; NaN and the infinities in the order of their names. */
const SPECIAL_RANKS = [8, 1, 2, 6, 5, 4];
