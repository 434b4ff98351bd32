import { ExactSum } from "@lossflow/core";

/** The figures of one series: counts of all its points, the rest over the finite ones, null where there are none. */
export interface SeriesFigures {
  readonly name: string;
  readonly count: number;
  readonly finite: number;
  readonly nan: number;
  readonly posInf: number;
  readonly negInf: number;
  /** Exact, rounded once. */
  readonly sum: number | null;
  /** The exact sum / finite, rounded once. */
  readonly mean: number | null;
  readonly min: number | null;
  /** Where the minimum first stood. */
  readonly minStep: number | null;
  readonly max: number | null;
  readonly maxStep: number | null;
  readonly first: number | null;
  readonly firstStep: number | null;
  readonly last: number | null;
  readonly lastStep: number | null;
}

/** Folds the points of one series into its figures; memory does not grow with them. */
export class SeriesSummary {
  readonly name: string;
  finite: number = 0;
  nan: number = 0;
  posInf: number = 0;
  negInf: number = 0;
  /** The latest point, finite or not. */
  latest: number = Number.NaN;
  latestStep: number = Number.NaN;
  #sum = new ExactSum();
  #min = Number.POSITIVE_INFINITY;
  #minStep = Number.NaN;
  #max = Number.NEGATIVE_INFINITY;
  #maxStep = Number.NaN;
  #first = Number.NaN;
  #firstStep = Number.NaN;
  #last = Number.NaN;
  #lastStep = Number.NaN;

  constructor(name: string) {
    this.name = name;
  }

  get count(): number {
    return this.finite + this.nan + this.posInf + this.negInf;
  }

  /** Adds one point; a value that is not finite is counted and touches nothing else. */
  add(value: number, step: number): void {
    this.latest = value;
    this.latestStep = step;
    if (value - value !== 0) {
      if (value === Number.POSITIVE_INFINITY) this.posInf++;
      else if (value === Number.NEGATIVE_INFINITY) this.negInf++;
      else this.nan++;
      return;
    }
    if (this.finite++ === 0) {
      this.#first = value;
      this.#firstStep = step;
    }
    if (value < this.#min) {
      this.#min = value;
      this.#minStep = step;
    }
    if (value > this.#max) {
      this.#max = value;
      this.#maxStep = step;
    }
    this.#last = value;
    this.#lastStep = step;
    this.#sum.add(value);
  }

  /** Reads the sum and the mean of the finite values so far, null where there is none. */
  sumAndMean(): { readonly sum: number | null; readonly mean: number | null } {
    if (this.finite === 0) return { sum: null, mean: null };
    return { sum: this.#sum.value(), mean: this.#sum.quotient(exactFrom(this.finite)) };
  }

  /** Reads all figures so far. */
  figures(): SeriesFigures {
    const some = this.finite > 0;
    const { sum, mean } = this.sumAndMean();
    return {
      name: this.name,
      count: this.count,
      finite: this.finite,
      nan: this.nan,
      posInf: this.posInf,
      negInf: this.negInf,
      sum,
      mean,
      min: some ? this.#min : null,
      minStep: some ? this.#minStep : null,
      max: some ? this.#max : null,
      maxStep: some ? this.#maxStep : null,
      first: some ? this.#first : null,
      firstStep: some ? this.#firstStep : null,
      last: some ? this.#last : null,
      lastStep: some ? this.#lastStep : null,
    };
  }
}

function exactFrom(value: number): ExactSum {
  const sum = new ExactSum();
  sum.add(value);
  return sum;
}
