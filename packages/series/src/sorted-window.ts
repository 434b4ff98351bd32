/** Keeps the last `size` numbers in order of size: any quantile of them at once, an addition in O(size). */
export class SortedWindow {
  readonly #ring: Float64Array;
  readonly #sorted: Float64Array;
  #count = 0;
  #next = 0;

  constructor(size: number) {
    this.#ring = new Float64Array(size);
    this.#sorted = new Float64Array(size);
  }

  /** How many numbers are in it, at most its size. */
  get count(): number {
    return this.#count;
  }

  /** Adds a finite number; where the window is full the oldest leaves. */
  add(x: number): void {
    const sorted = this.#sorted;
    const full = this.#count === sorted.length;
    // The gap that x fills moves from the oldest, or from the end, past all that stand between it and x.
    let gap = full ? this.#indexOf(this.#ring[this.#next]!) : this.#count++;
    for (; gap > 0 && sorted[gap - 1]! > x; gap--) sorted[gap] = sorted[gap - 1]!;
    for (; gap < this.#count - 1 && sorted[gap + 1]! < x; gap++) sorted[gap] = sorted[gap + 1]!;
    sorted[gap] = x;
    this.#ring[this.#next] = x;
    this.#next = this.#next + 1 === sorted.length ? 0 : this.#next + 1;
  }

  /** The smallest number that at least the share `p` of them does not exceed; NaN of none. 0.5 is the (lower) median. */
  quantile(p: number): number {
    if (this.#count === 0) return Number.NaN;
    return this.#sorted[Math.max(0, Math.ceil(p * this.#count) - 1)]!;
  }

  /** Forgets all. */
  clear(): void {
    this.#count = 0;
    this.#next = 0;
  }

  /** Where the first number not below `x` stands. */
  #indexOf(x: number): number {
    let low = 0;
    let high = this.#count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#sorted[middle]! < x) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
