import { SortedWindow } from "../sorted-window.ts";

/**
 * Follows the level and the noise of a series, both robust.
 *
 * Level: the median of the last `points` values. Noise: the larger of 1.0483 * the median of |x[i] - x[i-1]| and 1/2.326
 * of the 95th percentile of x[i] - x[i-16], each over
 * the first 64 points, later over every second of the last 128.
 * For Gaussian noise both are its standard deviation; the second grows with heavier upper tails, and with a slow rise or
 * wander of the level itself, which a median of 33 follows 16 points late and which therefore is nothing to wonder at.
 */
export class Level {
  readonly #values: SortedWindow;
  readonly #steps: SortedWindow = new SortedWindow(NOISE_POINTS);
  readonly #rises: SortedWindow = new SortedWindow(NOISE_POINTS);
  readonly #recent: Float64Array = new Float64Array(LAG);
  #count = 0;

  /** `points`, at most 33, is odd, so that the median is one of them. */
  constructor(points: number) {
    this.#values = new SortedWindow(points);
  }

  /** Adds a finite value. */
  add(value: number): void {
    const at = this.#count % LAG;
    if (this.#count < NOISE_POINTS || this.#count % STRIDE === 0) {
      if (this.#count > 0) this.#steps.add(Math.abs(value - this.#recent[(at + LAG - 1) % LAG]!));
      if (this.#count >= LAG) this.#rises.add(value - this.#recent[at]!);
    }
    this.#recent[at] = value;
    this.#count++;
    this.#values.add(value);
  }

  /** How many of its points it has. */
  get points(): number {
    return this.#values.count;
  }

  /** The median of the last values. */
  get level(): number {
    return this.#values.quantile(0.5);
  }

  /** The standard deviation of the noise; 0 of a series that mostly repeats itself. */
  get noise(): number {
    const noise = 1.0483 * this.#steps.quantile(0.5);
    return this.#rises.count === 0 ? noise : Math.max(noise, this.#rises.quantile(0.95) / 2.326);
  }

  /** Forgets all. */
  clear(): void {
    this.#values.clear();
    this.#steps.clear();
    this.#rises.clear();
    this.#count = 0;
  }
}

const NOISE_POINTS = 64;
/** The window of the noise spans about 128 points, and costs half of that. */
const STRIDE = 2;
/** By how much the median of 33 points is late. */
const LAG = 16;
