import { ExactSum } from "@lossflow/core";

/**
 * Keeps the latest values since the line was last broken, and reads the exact mean or the median of the last few when
 * asked: what `RollingMean` and `RollingMedian` of `@lossflow/series` give, at the cost of a store for each point that is
 * not asked about.
 */
export class RecentValues {
  readonly #ring: Float64Array;
  #next = 0;
  #filled = 0;
  #stretch = 0;

  /** `capacity`: the most values that are asked about. */
  constructor(capacity: number) {
    this.#ring = new Float64Array(capacity);
  }

  /** Adds a point. A value that is not finite, or a new stretch, starts afresh. */
  add(value: number, stretch: number): void {
    if (stretch !== this.#stretch) this.#filled = 0;
    this.#stretch = stretch;
    if (!Number.isFinite(value)) {
      this.#filled = 0;
      return;
    }
    this.#ring[this.#next] = value;
    this.#next = (this.#next + 1) % this.#ring.length;
    if (this.#filled < this.#ring.length) this.#filled++;
  }

  /** The exact mean of the last `points` values, fewer where there are fewer; NaN where there is none. */
  mean(points: number): number {
    const count = Math.min(points, this.#filled);
    if (count === 0) return Number.NaN;
    const sum = new ExactSum();
    for (const value of this.#last(count)) sum.add(value);
    const divisor = new ExactSum();
    divisor.add(count);
    return sum.quotient(divisor);
  }

  /** Their median, of an even count the lower of the two in the middle. */
  median(points: number): number {
    const count = Math.min(points, this.#filled);
    return count === 0 ? Number.NaN : this.#last(count).sort()[(count - 1) >> 1]!;
  }

  #last(count: number): Float64Array {
    const size = this.#ring.length;
    return Float64Array.from(
      { length: count },
      (_, k) => this.#ring[(this.#next - count + k + size) % size]!,
    );
  }
}
