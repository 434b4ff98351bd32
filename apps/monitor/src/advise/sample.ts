import { seededRandom } from "../demo/seeded-random.ts";

/** Numbers kept at most. */
const MOST = 65_536;

/**
 * Keeps a fair sample of a stream of numbers for their quantiles: all of them up to 65,536, then each with the same
 * chance (reservoir sampling, Vitter 1985). Seeded: the same stream gives the same sample.
 */
export class Sample {
  readonly #kept: Float64Array = new Float64Array(MOST);
  readonly #random: () => number = seededRandom(1);
  #seen = 0;

  add(value: number): void {
    const at = this.#seen < MOST ? this.#seen : Math.floor(this.#random() * (this.#seen + 1));
    if (at < MOST) this.#kept[at] = value;
    this.#seen++;
  }

  /** How many numbers came by. */
  get seen(): number {
    return this.#seen;
  }

  /** The kept numbers in order of size. */
  sorted(): Float64Array {
    return this.#kept.slice(0, Math.min(this.#seen, MOST)).sort();
  }
}

/** The share-`p` quantile of numbers in order of size, the lower of two; NaN of none. */
export function quantileOf(sorted: Float64Array, p: number): number {
  return sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)] ?? Number.NaN;
}
