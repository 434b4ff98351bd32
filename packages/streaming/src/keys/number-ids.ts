import type { Nulls } from "../columns/nulls-from-validity.ts";
import { HashSlots } from "./hash-slots.ts";
import { NearIntegers } from "./near-integers.ts";
import { hashOf } from "./pair-table.ts";
import { NUMBER, type ValueList } from "./value-list.ts";

/** Finds the finite numbers of a list of values: integers that lie near each other by their place, others by a hash. */
export class NumberIds {
  readonly #list: ValueList;
  /** How many of the list there are. */
  #length = 0;
  /** Of all integers in its range. */
  readonly #near: NearIntegers = new NearIntegers();
  /** Of numbers that are not near; made when first looked into. */
  readonly #slots: HashSlots = new HashSlots();
  readonly #number: Float64Array = new Float64Array(1);
  readonly #words: Int32Array = new Int32Array(this.#number.buffer);

  /** @param list where each number stands once, which is added to. */
  constructor(list: ValueList) {
    this.#list = list;
    for (let id = 0; id < list.length; id++) if (list.kindAt(id) === NUMBER) this.#length++;
  }

  /** The value that a finite number is, 0 where it is -0; it is added where it is not there yet. */
  idOf(x: number): number {
    const number = x + 0;
    if (this.#near.covers(number) || (Number.isSafeInteger(number) && this.#widen(number, number, 1)))
      return this.#ofNear(number);
    const slots = this.#slots;
    if (slots.isFull(1)) this.#makeSlots(this.#length + 64);
    let slot = slots.first(this.#hashOf(number));
    for (let id = slots.at(slot); id !== -1; id = slots.at(slot)) {
      if (this.#list.valueAt(id) === number) return id;
      slot = slots.after(slot);
    }
    slots.put(slot, this.#list.length);
    return this.#push(number);
  }

  /**
   * The values of rows of integers, written to `ids`; what is known costs little more than its reading.
   * @param ofNull the value of a null row.
   */
  idsOf(integers: Int32Array, nulls: Nulls, ids: Int32Array, ofNull: () => number): void {
    this.#near.find(integers, nulls, ids, (x) => this.idOf(x), ofNull);
  }

  /** Makes room for the numbers of another list. */
  reserveFor(other: NumberIds): void {
    const far = other.#length - this.#reserveNear(other);
    if (far > 0 && this.#slots.isFull(far)) this.#makeSlots(far);
  }

  /** The numbers of the list, where it holds nothing else; else null. */
  numbers(): Float64Array | null {
    return this.#length === this.#list.length ? this.#list.values() : null;
  }

  /** The values of the list sorted, where it holds numbers alone; else null. */
  sorted(): Int32Array | null {
    if (this.#near.held === this.#list.length) return this.#near.inOrder();
    // Numbers alone sort without comparing by a function; each is then looked up again.
    const numbers = this.numbers();
    return numbers === null ? null : Int32Array.from(numbers.slice().sort(), (x) => this.idOf(x));
  }

  /** The values of the list in the order of their places or hashes, where all are numbers that are found in one way; else null. */
  inOrder(): Int32Array | null {
    const { length } = this.#list;
    if (this.#near.held === length) return this.#near.inOrder();
    return this.#length === length && this.#near.held === 0 ? this.#slots.inOrder(length) : null;
  }

  /** Forgets all numbers, as the list does; the room stays. */
  clear(): void {
    this.#length = 0;
    this.#slots.clear();
    this.#near.clear();
  }

  #ofNear(integer: number): number {
    const near = this.#near;
    const known = near.at(integer);
    if (known !== -1) return known;
    const id = this.#push(integer);
    near.put(integer, id);
    return id;
  }

  #push(number: number): number {
    this.#length++;
    return this.#list.push(NUMBER, number);
  }

  /** Has integers from `least` to `most` found by their place, where they lie near enough: those that are there already too. */
  #widen(least: number, most: number, more: number): boolean {
    const near = this.#near;
    if (!near.widen(least, most, more)) return false;
    const list = this.#list;
    for (let id = 0; id < list.length; id++) {
      const value = list.valueAt(id);
      if (list.kindAt(id) === NUMBER && near.covers(value) && near.at(value) === -1) near.put(value, id);
    }
    return true;
  }

  /** Makes room for the integers of another. @returns how many of its numbers will be found by their place. */
  #reserveNear(other: NumberIds): number {
    const list = other.#list;
    let least = Infinity;
    let most = -Infinity;
    for (let id = 0; id < list.length; id++) {
      const value = list.valueAt(id);
      if (list.kindAt(id) !== NUMBER || !Number.isSafeInteger(value)) continue;
      if (value < least) least = value;
      if (value > most) most = value;
    }
    if (least > most) return 0;
    this.#widen(least, most, other.#length);
    let count = 0;
    for (let id = 0; id < list.length; id++)
      if (list.kindAt(id) === NUMBER && this.#near.covers(list.valueAt(id))) count++;
    return count;
  }

  #hashOf(x: number): number {
    this.#number[0] = x;
    return hashOf(this.#words[0]!, this.#words[1]!);
  }

  #makeSlots(more: number): void {
    const list = this.#list;
    this.#slots.rebuild(
      list.length,
      more,
      (id) => this.#hashOf(list.valueAt(id)),
      (id) => list.kindAt(id) === NUMBER && !this.#near.covers(list.valueAt(id)),
    );
  }
}
