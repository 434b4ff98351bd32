import { ExactSum } from "@lossflow/core";

/**
 * Keeps the latest values since the line was last broken, and reads the exact mean of the last few when asked:
 * what {@link RollingMean} of `@lossflow/series` gives, at the cost of a store for each point that is not asked about.
 */
export class RecentValues {
  readonly #ring: Float64Array;
  #next = 0;
  #filled = 0;
  #step = Number.NEGATIVE_INFINITY;
  #segment = 0;

  /** `capacity`: the most values that a mean is asked over. */
  constructor(capacity: number) {
    this.#ring = new Float64Array(capacity);
  }

  /** Adds a point. A value that is not finite, a new segment or a step that goes back starts afresh. */
  add(step: number, value: number, segment: number): void {
    if (segment !== this.#segment || step < this.#step) this.#filled = 0;
    this.#step = step;
    this.#segment = segment;
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
    const size = this.#ring.length;
    const sum = new ExactSum();
    for (let k = 1; k <= count; k++) sum.add(this.#ring[(this.#next - k + size) % size]!);
    const divisor = new ExactSum();
    divisor.add(count);
    return sum.quotient(divisor);
  }
}
