import type { Detector, OpenEvent, SeriesEvent } from "./detector.ts";
import { Level } from "./level.ts";
import { brief } from "./spike-detector.ts";

/**
 * Finds a loss that has risen and stays up.
 *
 * Rule: with the level (median of 17 points) now, at the start and at its best so far, an incident opens when the level
 * is above the best by more than each of: half of what was won since the start, a quarter of |best|, 10 times the noise
 * at the best. It ends when the level is back below half of that. So it says so about 9 points after the rise, and a
 * spike of fewer points never is one.
 *
 * Fires falsely on: losses that rise by their nature (adversarial ones, value losses of RL whose returns grow), harder
 * data later on (curricula, longer sequences). Stays silent on a rise that leaves half of the progress.
 */
export class DivergenceDetector implements Detector {
  readonly #metric: string;
  readonly #level: Level = new Level(POINTS);
  #start = Number.NaN;
  #best = Infinity;
  #noise = 0;
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
    const limit = Math.max((this.#start - this.#best) / 2, Math.abs(this.#best) / 4, 10 * this.#noise);
    if (this.#open !== null) {
      if (rise > limit / 2) {
        this.#open.count++;
        this.#open.lastStep = step;
        this.#open.value = value;
      } else this.#open = null;
      return null;
    }
    if (!(rise > limit && limit > 0)) return null;
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
    this.#open = null;
  }
}

const POINTS = 17;
