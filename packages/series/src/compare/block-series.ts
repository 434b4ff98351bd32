import { LossflowError } from "@lossflow/core";

/** The mean of a series over a stretch of x. */
export interface StretchMean {
  /** Points in it. */
  readonly count: number;
  readonly mean: number;
}

/**
 * Keeps a series over x in bounded memory: at most `blocks` (1,024) blocks of consecutive points, each with their count,
 * sum and place, twice as wide each time they are full. 32 kB, however long the series.
 *
 * x going back (a resume) supersedes what lies beyond: those blocks are dropped. Values that are not finite have no
 * mean and are counted apart.
 */
export class BlockSeries {
  readonly #size: number;
  readonly #counts: Float64Array;
  readonly #sums: Float64Array;
  readonly #firsts: Float64Array;
  readonly #lasts: Float64Array;
  #blocks = 0;
  #width = 1;
  #notFinite = 0;

  /** @throws LF_BAD_PARAMETER where `blocks` is not an even whole number of at least 2. */
  constructor(blocks: number = 1_024) {
    if (!(Number.isInteger(blocks) && blocks >= 2 && blocks % 2 === 0))
      throw new LossflowError(
        "LF_BAD_PARAMETER",
        `Blocks are an even whole number of at least 2; got ${blocks}.`,
      );
    this.#size = blocks;
    this.#counts = new Float64Array(blocks);
    this.#sums = new Float64Array(blocks);
    this.#firsts = new Float64Array(blocks);
    this.#lasts = new Float64Array(blocks);
  }

  /** Finite points that have not been superseded. */
  get count(): number {
    return this.#counts.subarray(0, this.#blocks).reduce((sum, count) => sum + count, 0);
  }

  /** Points that are not finite. */
  get notFinite(): number {
    return this.#notFinite;
  }

  /** x of the first point and of the last; NaN of none. */
  get range(): readonly [first: number, last: number] {
    if (this.#blocks === 0) return [Number.NaN, Number.NaN];
    return [this.#firsts[0]!, this.#lasts[this.#blocks - 1]!];
  }

  /** Adds a point; one whose x is NaN has no place and is passed over. */
  add(x: number, y: number): void {
    if (Number.isNaN(x)) return;
    if (!Number.isFinite(y)) {
      this.#notFinite++;
      return;
    }
    if (this.#blocks > 0 && x < this.#lasts[this.#blocks - 1]!)
      while (this.#blocks > 0 && this.#firsts[this.#blocks - 1]! >= x) this.#blocks--;
    const last = this.#blocks - 1;
    if (last >= 0 && this.#counts[last]! < this.#width) {
      this.#counts[last]!++;
      this.#sums[last]! += y;
      this.#lasts[last] = x;
      return;
    }
    if (this.#blocks === this.#size) this.#halve();
    const next = this.#blocks++;
    this.#counts[next] = 1;
    this.#sums[next] = y;
    this.#firsts[next] = x;
    this.#lasts[next] = x;
  }

  /**
   * Gives the mean of the points with `from < x <= to`; a block that lies partly inside counts by its middle.
   * The mean is NaN of none.
   */
  meanBetween(from: number, to: number): StretchMean {
    let count = 0;
    let sum = 0;
    for (let k = this.#lowerBound(from); k < this.#blocks && this.#middle(k) <= to; k++) {
      count += this.#counts[k]!;
      sum += this.#sums[k]!;
    }
    return { count, mean: sum / count };
  }

  /** Blocks with `from < x <= to`: no stretch is cut finer than these. */
  blocksBetween(from: number, to: number): number {
    let k = this.#lowerBound(from);
    const first = k;
    while (k < this.#blocks && this.#middle(k) <= to) k++;
    return k - first;
  }

  /** y at `x`, on the line between the blocks beside it; beyond the ends that of the end; NaN of no points. */
  at(x: number): number {
    const k = this.#lowerBound(x);
    const mean = (block: number): number => this.#sums[block]! / this.#counts[block]!;
    if (this.#blocks === 0) return Number.NaN;
    if (k === 0) return mean(0);
    if (k === this.#blocks) return mean(k - 1);
    const share = (x - this.#middle(k - 1)) / (this.#middle(k) - this.#middle(k - 1));
    return mean(k - 1) + share * (mean(k) - mean(k - 1));
  }

  #middle(block: number): number {
    return (this.#firsts[block]! + this.#lasts[block]!) / 2;
  }

  /** The first block whose middle is above `x`. */
  #lowerBound(x: number): number {
    let low = 0;
    let high = this.#blocks;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#middle(middle) <= x) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #halve(): void {
    const half = this.#size / 2;
    for (let k = 0; k < half; k++) {
      this.#counts[k] = this.#counts[2 * k]! + this.#counts[2 * k + 1]!;
      this.#sums[k] = this.#sums[2 * k]! + this.#sums[2 * k + 1]!;
      this.#firsts[k] = this.#firsts[2 * k]!;
      this.#lasts[k] = this.#lasts[2 * k + 1]!;
    }
    this.#blocks = half;
    this.#width *= 2;
  }
}
