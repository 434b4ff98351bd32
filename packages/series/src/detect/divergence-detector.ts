import type { Detector, OpenEvent, SeriesEvent } from "./detector.ts";
import { Level } from "./level.ts";
import { brief } from "./spike-detector.ts";

/**
 * Finds a loss that has risen and stays up.
 *
 * Rule: with the level (median of 17 points) now, at the start and at its best so far, the level is too high when it is
 * above the best by more than each of: a tenth of what was won since the start, a quarter of |best|, 10 times the noise
 * at the best. An incident opens when it has been so for more than 16 points in a row, or a twelfth of the points so
 * far where that is less; it ends when the level is back below half of the limit. So it says so about 25 points after a
 * jump (9 to 25 in runs below 200 points), and a spike of two dozen points is none.
 *
 * Fires falsely on: losses that rise by their nature (adversarial ones, value losses of RL whose returns grow), harder
 * data later on (curricula, longer sequences). Stays silent on a rise by less than a quarter of the best level.
 */
export class DivergenceDetector implements Detector {
  readonly #metric: string;
  readonly #level: Level = new Level(POINTS);
  #start = Number.NaN;
  #best = Infinity;
  #noise = 0;
  #points = 0;
  /** Points in a row with the level above the limit. */
  #high = 0;
  #open: OpenEvent | null = null;

  constructor(metric: string) {
    this.#metric = metric;
  }

  add(step: number, value: number): SeriesEvent | null {
    if (!Number.isFinite(value)) return null;
    this.#level.add(value);
    if (this.#level.points < POINTS) return null;
    const level = this.#level.level;
    if (Number.isNaN(this.#start)) this.#start = level;
    if (level < this.#best) {
      this.#best = level;
      this.#noise = this.#level.noise;
    }
    const rise = level - this.#best;
    const limit = Math.max((this.#start - this.#best) / 10, Math.abs(this.#best) / 4, 10 * this.#noise);
    this.#points++;
    if (this.#open !== null) {
      if (rise > limit / 2) {
        this.#open.count++;
        this.#open.lastStep = step;
        this.#open.value = value;
      } else this.#open = null;
      return null;
    }
    this.#high = rise > limit && limit > 0 ? this.#high + (rise > 8 * limit ? 2 : 1) : 0;
    if (this.#high <= Math.min(PERSISTENCE, this.#points / 12)) return null;
    this.#high = 0;
    const best = this.#best;
    const metric = this.#metric;
    this.#open = {
      kind: "divergence",
      step,
      lastStep: step,
      count: 1,
      metric,
      value,
      message: `${metric} has risen from about ${brief(best)} to about ${brief(level)} and stays there, seen at step ${step}.`,
    };
    return this.#open;
  }

  reset(): void {
    this.#level.clear();
    this.#start = Number.NaN;
    this.#best = Infinity;
    this.#points = 0;
    this.#high = 0;
    this.#open = null;
  }
}

const POINTS = 17;
/** Points in a row above the limit, in a run of 200 and more: a spike of two dozen is none. */
const PERSISTENCE = 16;
