import { GrowingInts } from "./growing-ints.ts";

/** Gives pairs of 32-bit integers numbers from 0, equal pairs the same. */
export class PairTable {
  readonly #left: GrowingInts;
  readonly #right: GrowingInts;
  /** Pair i stands as i + 1 in the slot of its hash or the next free one after it; made when first looked into. */
  #slots: Int32Array = new Int32Array(0);

  constructor(left: GrowingInts = new GrowingInts(), right: GrowingInts = new GrowingInts()) {
    this.#left = left;
    this.#right = right;
  }

  get length(): number {
    return this.#left.length;
  }

  /** Finds the number of a pair, which is added where it is not there yet. */
  idOf(left: number, right: number): number {
    if (2 * (this.#left.length + 1) > this.#slots.length) this.#makeSlots();
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = hashOf(left, right) & mask;
    for (; slots[slot] !== 0; slot = (slot + 1) & mask) {
      const id = slots[slot]! - 1;
      if (this.#left.at(id) === left && this.#right.at(id) === right) return id;
    }
    slots[slot] = this.#left.length + 1;
    this.#left.push(left);
    this.#right.push(right);
    return this.#left.length - 1;
  }

  leftAt(id: number): number {
    return this.#left.at(id);
  }

  rightAt(id: number): number {
    return this.#right.at(id);
  }

  /** Views of all lefts and rights, until the next pair is added. */
  views(): readonly [left: Int32Array, right: Int32Array] {
    return [this.#left.view(), this.#right.view()];
  }

  #makeSlots(): void {
    let size = 256;
    while (size < 4 * (this.#left.length + 1)) size *= 2;
    const slots = new Int32Array(size);
    for (let id = 0; id < this.#left.length; id++) {
      let slot = hashOf(this.#left.at(id), this.#right.at(id)) & (size - 1);
      while (slots[slot] !== 0) slot = (slot + 1) & (size - 1);
      slots[slot] = id + 1;
    }
    this.#slots = slots;
  }
}

/** Two multiplications by odd constants, and their high bits brought down (after T. Wang and B. Mulvey). */
export function hashOf(left: number, right: number): number {
  let hash = Math.imul(left, 0x9e3779b1) ^ Math.imul(right, 0x85ebca6b);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x2c1b3c6d);
  return hash ^ (hash >>> 13);
}
