import type { Nulls } from "../columns/nulls-from-validity.ts";

/**
 * The numbers of integers that lie near each other, by place: integer `low + i` has what stands at i. It takes four bytes
 * for each integer of the range, and finding one is one read, without a hash.
 */
export class NearIntegers {
  #low = 0;
  /** One more than the number of each integer; 0 where it has none. */
  #places: Int32Array = new Int32Array(0);
  #held = 0;
  /** The least and the greatest that are held. */
  #least = Infinity;
  #most = -Infinity;

  /** How many integers have a number here. */
  get held(): number {
    return this.#held;
  }

  /** Whether `x` has its place here, where it has a number or not. */
  covers(x: number): boolean {
    const place = x - this.#low;
    // The place says not whether x is an integer: it is rounded, for 1e-20 to that of 0.
    return place >= 0 && place < this.#places.length && Math.floor(x) === x;
  }

  /** The number of an integer that is covered; -1 where it has none. */
  at(x: number): number {
    return this.#places[x - this.#low]! - 1;
  }

  /** Gives an integer that is covered, and has no number yet, its own. */
  put(x: number, id: number): void {
    this.#places[x - this.#low] = id + 1;
    this.#held++;
    if (x < this.#least) this.#least = x;
    if (x > this.#most) this.#most = x;
  }

  /**
   * Covers what lies between `least` and `most` too, where that makes no long range or `more` are to come. Integers that
   * have a number elsewhere must be put in then.
   * @returns whether it is covered.
   */
  widen(least: number, most: number, more: number): boolean {
    const from = Math.min(least, this.#least);
    const to = Math.max(most, this.#most);
    const span = to - from + 1;
    const limit = Math.max(MOST_EMPTY, SPARSEST * (this.#held + more));
    if (span > limit) return false;
    if (this.covers(from) && this.covers(to)) return true;
    const before = this.#places;
    // With less room than this, integers at the edge of the limit, such as multiples of 4, would move all others each time.
    const roomy = Math.ceil(LEAST_ROOM * span);
    const length = Math.max(before.length, roomy, Math.min(limit, Math.max(LEAST, 2 * span)));
    // Half of the room that is left lies on each side: from wherever integers come, there are few moves.
    const low = from - Math.floor((length - span) / 2);
    if (this.#held > 0 || length > before.length) this.#places = new Int32Array(length);
    if (this.#held > 0) {
      const held = before.subarray(this.#least - this.#low, this.#most - this.#low + 1);
      this.#places.set(held, this.#least - low);
    }
    this.#low = low;
    return true;
  }

  /** Writes the number of each integer to `ids`; `add` gives that of one which has none here, `ofNull` that of a null row. */
  find(
    integers: Int32Array,
    nulls: Nulls,
    ids: Int32Array,
    add: (x: number) => number,
    ofNull: () => number,
  ): void {
    let { low, high, places } = this.#room();
    for (let i = 0; i < integers.length; i++) {
      if (nulls !== null && nulls[i] === 1) {
        ids[i] = ofNull();
        continue;
      }
      const x = integers[i]!;
      const id = x >= low && x <= high ? places[(x - low) | 0]! : 0;
      if (id !== 0) {
        ids[i] = id - 1;
        continue;
      }
      const [before, lowBefore] = [this.#places, this.#low];
      ids[i] = add(x);
      if (this.#places !== before || this.#low !== lowBefore) ({ low, high, places } = this.#room());
    }
  }

  /** What has its place here of the integers of 32 bits, in whose arithmetic places are found in half the time. */
  #room(): { readonly low: number; readonly high: number; readonly places: Int32Array } {
    const [low, length] = [this.#low, this.#places.length];
    const from = Math.max(low, -(2 ** 31));
    const high = Math.min(low + length, 2 ** 31) - 1;
    if (from > high) return { low: 0, high: -1, places: this.#places };
    return { low: from, high, places: this.#places.subarray(from - low) };
  }

  /** The numbers of all integers that are held, in the order of the integers. */
  inOrder(): Int32Array {
    const ids = new Int32Array(this.#held);
    let count = 0;
    for (const place of this.#places) if (place !== 0) ids[count++] = place - 1;
    return ids;
  }

  /** Takes all integers out; the room stays. */
  clear(): void {
    if (this.#held > 0) this.#places.fill(0);
    this.#held = 0;
    this.#least = Infinity;
    this.#most = -Infinity;
  }
}

const LEAST = 2 ** 10;
/** So many times the range that is taken is covered at least. */
const LEAST_ROOM = 1.5;
/** A range of this many integers is taken however few of them are held: 6 MB with its room. */
const MOST_EMPTY = 2 ** 20;
/** Of a longer range one in so many must be held: the slots of a hash would take as much. */
const SPARSEST = 4;
