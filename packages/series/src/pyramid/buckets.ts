import type { ExactSum } from "@lossflow/core";
import { SumTable } from "@lossflow/core/running";

/** What is kept of the points of many buckets, column by column: 121 bytes each. */
export class Buckets {
  /** The smallest and the largest step, Infinity and -Infinity of no points. */
  low: Float64Array;
  high: Float64Array;
  /** Extreme values and the steps where each came first; NaN where no point is finite. */
  min: Float64Array;
  minStep: Float64Array;
  max: Float64Array;
  maxStep: Float64Array;
  /** The first and the last finite value and their steps; NaN where there is none. */
  first: Float64Array;
  firstStep: Float64Array;
  last: Float64Array;
  lastStep: Float64Array;
  /** How many points are finite, how many NaN or infinite. */
  finite: Float64Array;
  nonFinite: Float64Array;
  /** 1 where a point does not go on from the one before it: a resume, a restart. */
  broken: Uint8Array;
  readonly #sums: SumTable;

  constructor(length: number) {
    this.low = new Float64Array(length).fill(Infinity);
    this.high = new Float64Array(length).fill(-Infinity);
    this.min = new Float64Array(length).fill(Number.NaN);
    this.minStep = this.min.slice();
    this.max = this.min.slice();
    this.maxStep = this.min.slice();
    this.first = this.min.slice();
    this.firstStep = this.min.slice();
    this.last = this.min.slice();
    this.lastStep = this.min.slice();
    this.finite = new Float64Array(length);
    this.nonFinite = new Float64Array(length);
    this.broken = new Uint8Array(length);
    this.#sums = new SumTable(length);
  }

  get length(): number {
    return this.finite.length;
  }

  /** Bytes that the columns and the sums take; sums of numbers far apart in size take more. */
  get bytes(): number {
    return (8 * COLUMNS.length + 1 + 24) * this.length;
  }

  /** Makes room for `length` buckets; those that are there stay. */
  grow(length: number): void {
    const more = new Buckets(length);
    for (const name of COLUMNS) {
      more[name].set(this[name]);
      this[name] = more[name];
    }
    more.broken.set(this.broken);
    this.broken = more.broken;
    this.#sums.grow(length);
  }

  /** Adds a point that comes after all others. */
  add(k: number, step: number, value: number, broken: boolean): void {
    if (broken) this.broken[k] = 1;
    if (Number.isFinite(value)) {
      this.finite[k]!++;
      this.#sums.add(k, value);
    } else this.nonFinite[k]!++;
    this.show(k, step, value);
  }

  /** Lets a point take part in the extremes and in first and last without counting it. */
  show(k: number, step: number, value: number): void {
    if (step < this.low[k]!) this.low[k] = step;
    if (step > this.high[k]!) this.high[k] = step;
    if (!Number.isFinite(value)) return;
    if (!(value >= this.min[k]!)) {
      this.min[k] = value;
      this.minStep[k] = step;
    }
    if (!(value <= this.max[k]!)) {
      this.max[k] = value;
      this.maxStep[k] = step;
    }
    if (Number.isNaN(this.first[k]!)) {
      this.first[k] = value;
      this.firstStep[k] = step;
    }
    this.last[k] = value;
    this.lastStep[k] = step;
  }

  /** Adds bucket `j` of `later`, whose points come after all those of `k`. */
  merge(k: number, later: Buckets, j: number): void {
    this.count(k, later, j);
    this.low[k] = Math.min(this.low[k]!, later.low[j]!);
    this.high[k] = Math.max(this.high[k]!, later.high[j]!);
    if (later.finite[j] === 0) return;
    if (!(later.min[j]! >= this.min[k]!)) {
      this.min[k] = later.min[j]!;
      this.minStep[k] = later.minStep[j]!;
    }
    if (!(later.max[j]! <= this.max[k]!)) {
      this.max[k] = later.max[j]!;
      this.maxStep[k] = later.maxStep[j]!;
    }
    if (Number.isNaN(this.first[k]!)) {
      this.first[k] = later.first[j]!;
      this.firstStep[k] = later.firstStep[j]!;
    }
    this.last[k] = later.last[j]!;
    this.lastStep[k] = later.lastStep[j]!;
  }

  /** Adds counts, sum and breaks of bucket `j` of `later`, without its values. */
  count(k: number, later: Buckets, j: number): void {
    if (later.broken[j] === 1) this.broken[k] = 1;
    this.finite[k]! += later.finite[j]!;
    this.nonFinite[k]! += later.nonFinite[j]!;
    this.#sums.merge(k, later.#sums, j);
  }

  /** The exact sum of the finite values. */
  sum(k: number): ExactSum {
    return this.#sums.sumAt(k);
  }
}

const COLUMNS = [
  "low",
  "high",
  "min",
  "minStep",
  "max",
  "maxStep",
  "first",
  "firstStep",
  "last",
  "lastStep",
  "finite",
  "nonFinite",
] as const;
