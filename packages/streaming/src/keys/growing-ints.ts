/** 32-bit integers in an array that grows. */
export class GrowingInts {
  #items: Int32Array;
  #length: number;

  /** Takes `items` over. */
  constructor(items: Int32Array = new Int32Array(64)) {
    this.#items = items;
    this.#length = 0;
  }

  /** Takes `items` over, all of them in use. */
  static of(items: Int32Array): GrowingInts {
    const ints = new GrowingInts(items);
    ints.#length = items.length;
    return ints;
  }

  get length(): number {
    return this.#length;
  }

  at(index: number): number {
    return this.#items[index]!;
  }

  set(index: number, item: number): void {
    this.#items[index] = item;
  }

  push(item: number): void {
    if (this.#length === this.#items.length) {
      const items = new Int32Array(Math.max(64, 2 * this.#length));
      items.set(this.#items);
      this.#items = items;
    }
    this.#items[this.#length++] = item;
  }

  clear(): void {
    this.#length = 0;
  }

  /** A view of them all, until the next push. */
  view(): Int32Array {
    return this.#items.subarray(0, this.#length);
  }
}
