import { meanOfFew } from "./mean-of-few.ts";

/**
 * Keeps the latest values since the line was last broken, and reads the exact mean or the median of the last few when
 * asked: what `RollingMean` and `RollingMedian` of `@lossflow/series` give, at the cost of a store for each point that is
 * not asked about.
 */
export class RecentValues {
  readonly #ring: Float64Array;
  /** Where the values asked about are laid out in a row. */
  readonly #row: Float64Array;
  #next = 0;
  #filled = 0;
  #stretch = 0;

  /** `capacity`: the most values that are asked about. */
  constructor(capacity: number) {
    this.#ring = new Float64Array(capacity);
    this.#row = new Float64Array(capacity);
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
    return count === 0 ? Number.NaN : meanOfFew(this.#last(count));
  }

  /** Their median, of an even count the lower of the two in the middle. */
  median(points: number): number {
    const count = Math.min(points, this.#filled);
    return count === 0 ? Number.NaN : select(this.#last(count), (count - 1) >> 1);
  }

  /** The last values, the oldest first; good until the next call. */
  #last(count: number): Float64Array {
    const size = this.#ring.length;
    const from = (this.#next - count + size) % size;
    const before = Math.min(count, size - from);
    this.#row.set(this.#ring.subarray(from, from + before));
    this.#row.set(this.#ring.subarray(0, count - before), before);
    return this.#row.subarray(0, count);
  }
}

/** The value that would stand at `rank` if the values were sorted; changes their order (Hoare's quickselect). */
function select(values: Float64Array, rank: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const pivot = values[(low + high) >> 1]!;
    let i = low;
    let j = high;
    while (i <= j) {
      while (values[i]! < pivot) i++;
      while (values[j]! > pivot) j--;
      if (i > j) break;
      const value = values[i]!;
      values[i++] = values[j]!;
      values[j--] = value;
    }
    if (rank <= j) high = j;
    else if (rank >= i) low = i;
    else break;
  }
  return values[rank]!;
}
