import { GrowingInts } from "./growing-ints.ts";
import { HashSlots } from "./hash-slots.ts";

/** Gives pairs of 32-bit integers numbers from 0, equal pairs the same. */
export class PairTable {
  readonly #left: GrowingInts;
  readonly #right: GrowingInts;
  /** Made when first looked into. */
  readonly #slots: HashSlots = new HashSlots();

  constructor(left: GrowingInts = new GrowingInts(), right: GrowingInts = new GrowingInts()) {
    this.#left = left;
    this.#right = right;
  }

  get length(): number {
    return this.#left.length;
  }

  /** Finds the number of a pair, which is added where it is not there yet. */
  idOf(left: number, right: number): number {
    const slots = this.#slots;
    if (slots.isFull(1)) this.#makeSlots(this.length + 64);
    let slot = slots.first(hashOf(left, right));
    for (let id = slots.at(slot); id !== -1; id = slots.at(slot)) {
      if (this.#left.at(id) === left && this.#right.at(id) === right) return id;
      slot = slots.after(slot);
    }
    slots.put(slot, this.#left.length);
    this.#left.push(left);
    this.#right.push(right);
    return this.#left.length - 1;
  }

  /** Makes room for `more` pairs, which must be done before pairs come in the order of their hashes. */
  reserve(more: number): void {
    if (this.#slots.isFull(more)) this.#makeSlots(more);
  }

  leftAt(id: number): number {
    return this.#left.at(id);
  }

  rightAt(id: number): number {
    return this.#right.at(id);
  }

  /** Takes all pairs out; the room stays. */
  clear(): void {
    this.#left.clear();
    this.#right.clear();
    this.#slots.clear();
  }

  /** All pairs, in about the order of their hashes. */
  inOrder(): Int32Array {
    return this.#slots.inOrder(this.length);
  }

  #makeSlots(more: number): void {
    this.#slots.rebuild(this.#left.length, more, (id) => hashOf(this.#left.at(id), this.#right.at(id)));
  }
}

/** Multiplications by odd constants, high bits brought down between them (after B. Mulvey's prospector); the highest mix best. */
export function hashOf(left: number, right: number): number {
  let hash = Math.imul(left, 0x9e3779b1) ^ Math.imul(right, 0x85ebca6b);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x2c1b3c6d);
  return Math.imul(hash ^ (hash >>> 13), 0x297a2d39);
}
