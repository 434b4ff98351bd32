import { refuseParameter } from "../refuse-parameter.ts";

/** The mean of a series over a stretch of x. */
export interface StretchMean {
  /** Points in it. */
  readonly count: number;
  readonly mean: number;
}

/** Consecutive points of a series. */
export interface Block {
  readonly first: number;
  readonly last: number;
  /** Points in it, of which `count` are finite. */
  readonly points: number;
  readonly count: number;
  /** Of the finite ones. */
  readonly sum: number;
}

/**
 * Keeps a series over x in bounded memory: at most `blocks` (1,024) blocks of consecutive points, each with their count,
 * sum and place, twice as wide each time they are full. 40 kB, however long the series.
 *
 * x going back (a resume) supersedes what lies beyond: those blocks are dropped. Values that are not finite have no
 * mean; they keep their place, so that the blocks of runs with equal x stay the same, and are counted apart.
 */
export class BlockSeries {
  readonly #size: number;
  readonly #points: Float64Array;
  readonly #counts: Float64Array;
  readonly #sums: Float64Array;
  readonly #firsts: Float64Array;
  readonly #lasts: Float64Array;
  #blocks = 0;
  #width = 1;
  #firstFinite = Number.NaN;
  #lastFinite = Number.NaN;
  #firstNotFinite = Number.NaN;

  /** @throws LF_BAD_PARAMETER where `blocks` is not an even whole number of at least 2. */
  constructor(blocks: number = 1_024) {
    if (!(Number.isInteger(blocks) && blocks >= 2 && blocks % 2 === 0))
      refuseParameter("Blocks are an even whole number of at least 2", blocks);
    this.#size = blocks;
    this.#points = new Float64Array(blocks);
    this.#counts = new Float64Array(blocks);
    this.#sums = new Float64Array(blocks);
    this.#firsts = new Float64Array(blocks);
    this.#lasts = new Float64Array(blocks);
  }

  /** Finite points that have not been superseded. */
  get count(): number {
    return this.#counts.subarray(0, this.#blocks).reduce((sum, count) => sum + count, 0);
  }

  /** Points that are not finite and have not been superseded. */
  get notFinite(): number {
    return this.#points.subarray(0, this.#blocks).reduce((sum, points) => sum + points, 0) - this.count;
  }

  /** x of the first point that is not finite; NaN of none. */
  get firstNotFinite(): number {
    return this.#firstNotFinite;
  }

  /** x of the first finite point and of the last; NaN of none. */
  get range(): readonly [first: number, last: number] {
    return [this.#firstFinite, this.#lastFinite];
  }

  /** Adds a point; one whose x is NaN has no place and is passed over. */
  add(x: number, y: number): void {
    if (Number.isNaN(x)) return;
    if (this.#blocks > 0 && x < this.#lasts[this.#blocks - 1]!) this.#supersede(x);
    const isFinite = Number.isFinite(y);
    if (isFinite) {
      if (Number.isNaN(this.#firstFinite)) this.#firstFinite = x;
      this.#lastFinite = x;
    } else if (Number.isNaN(this.#firstNotFinite)) this.#firstNotFinite = x;
    if (this.#blocks === 0 || this.#points[this.#blocks - 1]! >= this.#width) this.#open(x);
    const last = this.#blocks - 1;
    this.#points[last]!++;
    this.#lasts[last] = x;
    if (!isFinite) return;
    this.#counts[last]!++;
    this.#sums[last]! += y;
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

  /** The blocks whose middle has `from < x <= to`: no stretch is cut finer than these. */
  blocksBetween(from: number, to: number): Block[] {
    const found: Block[] = [];
    for (let k = this.#lowerBound(from); k < this.#blocks && this.#middle(k) <= to; k++)
      found.push({
        first: this.#firsts[k]!,
        last: this.#lasts[k]!,
        points: this.#points[k]!,
        count: this.#counts[k]!,
        sum: this.#sums[k]!,
      });
    return found;
  }

  /** y at `x`, on the line between the finite blocks beside it; beyond the ends that of the end; NaN of no points. */
  at(x: number): number {
    let after = this.#lowerBound(x);
    let before = after - 1;
    while (after < this.#blocks && this.#counts[after] === 0) after++;
    while (before >= 0 && this.#counts[before] === 0) before--;
    const mean = (block: number): number => this.#sums[block]! / this.#counts[block]!;
    if (before < 0) return after < this.#blocks ? mean(after) : Number.NaN;
    if (after === this.#blocks) return mean(before);
    const share = (x - this.#middle(before)) / (this.#middle(after) - this.#middle(before));
    return mean(before) + share * (mean(after) - mean(before));
  }

  /** Drops the blocks that begin at `x` or beyond. */
  #supersede(x: number): void {
    while (this.#blocks > 0 && this.#firsts[this.#blocks - 1]! >= x) this.#blocks--;
    if (this.#firstNotFinite >= x) this.#firstNotFinite = Number.NaN;
    if (this.#firstFinite >= x) this.#firstFinite = Number.NaN;
    let last = this.#blocks - 1;
    while (last >= 0 && this.#counts[last] === 0) last--;
    this.#lastFinite = last < 0 ? Number.NaN : Math.min(this.#lastFinite, this.#lasts[last]!);
  }

  #open(x: number): void {
    if (this.#blocks === this.#size) this.#halve();
    const next = this.#blocks++;
    this.#points[next] = 0;
    this.#counts[next] = 0;
    this.#sums[next] = 0;
    this.#firsts[next] = x;
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
      this.#points[k] = this.#points[2 * k]! + this.#points[2 * k + 1]!;
      this.#counts[k] = this.#counts[2 * k]! + this.#counts[2 * k + 1]!;
      this.#sums[k] = this.#sums[2 * k]! + this.#sums[2 * k + 1]!;
      this.#firsts[k] = this.#firsts[2 * k]!;
      this.#lasts[k] = this.#lasts[2 * k + 1]!;
    }
    this.#blocks = half;
    this.#width *= 2;
  }
}
