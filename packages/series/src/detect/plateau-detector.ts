import { SortedWindow } from "../sorted-window.ts";
import type { Detector, OpenEvent, SeriesEvent } from "./detector.ts";
import { brief } from "./spike-detector.ts";

export interface PlateauOptions {
  /** Points before anything is said. Default 200. */
  readonly minPoints?: number;
  /** What counts as progress, as a share of all that was won since the start. Default 0.002. */
  readonly progress?: number;
}

/**
 * Finds a loss that has not fallen over the last half of the run.
 *
 * Rule: the series is kept as at most 64 block means of equal width, which doubles when they are full. After each block the
 * third quarter of the run is held against the fourth, by the medians of their block means. Where the loss has fallen
 * between them by less than both can tell, the larger of `progress` of all that was won since the first block and one
 * standard error, four blocks in a row, an incident opens; it ends when the loss has fallen by three times that.
 *
 * Fires falsely on: training that has simply converged (a plateau too); a loss so noisy that its fall is hidden. Stays
 * silent on: a plateau shorter than half of the run; a run of fewer than 200 points.
 */
export class PlateauDetector implements Detector {
  readonly #metric: string;
  readonly #minPoints: number;
  readonly #progress: number;
  readonly #means: Float64Array = new Float64Array(BLOCKS);
  readonly #steps: Float64Array = new Float64Array(BLOCKS);
  readonly #scratch: SortedWindow = new SortedWindow(QUARTER);
  #blocks = 0;
  #width = 1;
  #sum = 0;
  #points = 0;
  #suspicions = 0;
  #open: OpenEvent | null = null;

  constructor(metric: string, { minPoints = 200, progress = 0.002 }: PlateauOptions = {}) {
    this.#metric = metric;
    this.#minPoints = minPoints;
    this.#progress = progress;
  }

  add(step: number, value: number): SeriesEvent | null {
    if (!Number.isFinite(value)) return null;
    if (this.#points === 0) this.#steps[this.#blocks] = step;
    this.#sum += value;
    if (this.#open !== null) {
      this.#open.count++;
      this.#open.lastStep = step;
      this.#open.value = value;
    }
    if (++this.#points < this.#width) return null;
    this.#means[this.#blocks++] = this.#sum / this.#width;
    this.#points = 0;
    this.#sum = 0;
    const event = this.#judge(step, value);
    if (this.#blocks === BLOCKS) this.#halve();
    return event;
  }

  reset(): void {
    this.#blocks = 0;
    this.#width = 1;
    this.#points = 0;
    this.#sum = 0;
    this.#suspicions = 0;
    this.#open = null;
  }

  #judge(step: number, value: number): SeriesEvent | null {
    const quarter = this.#blocks >> 2;
    if (this.#blocks * this.#width < this.#minPoints) return null;
    const middle = this.#blocks - quarter;
    const before = this.#median(middle - quarter, middle);
    const noiseBefore = this.#noise;
    const after = this.#median(middle, this.#blocks);
    const error = 1.25 * Math.sqrt((noiseBefore ** 2 + this.#noise ** 2) / quarter);
    const needed = Math.max(this.#progress * Math.abs(this.#means[0]! - before), error);
    const won = before - after;
    if (this.#open !== null) {
      if (won > 3 * needed) this.#open = null;
      return null;
    }
    this.#suspicions = won < needed || won <= 0 ? this.#suspicions + 1 : 0;
    if (this.#suspicions < PERSISTENCE) return null;
    let first = middle - quarter;
    while (first < middle && this.#means[first]! > before + needed) first++;
    const since = this.#steps[first]!;
    this.#suspicions = 0;
    this.#open = {
      kind: "plateau",
      step: since,
      lastStep: step,
      count: (this.#blocks - first) * this.#width,
      metric: this.#metric,
      value,
      message: `${this.#metric} has not fallen since step ${since}: about ${brief(before)} then, about ${brief(after)} at step ${step}.`,
    };
    return this.#open;
  }

  /** The median of the block means from `from` to `to`; leaves their standard deviation in `#noise`. */
  #median(from: number, to: number): number {
    const means = this.#scratch;
    means.clear();
    for (let k = from; k < to; k++) means.add(this.#means[k]!);
    this.#noise = (means.quantile(0.75) - means.quantile(0.25)) / 1.349;
    return means.quantile(0.5);
  }
  #noise = 0;

  #halve(): void {
    for (let k = 0; k < BLOCKS / 2; k++) {
      this.#means[k] = (this.#means[2 * k]! + this.#means[2 * k + 1]!) / 2;
      this.#steps[k] = this.#steps[2 * k]!;
    }
    this.#blocks = BLOCKS / 2;
    this.#width *= 2;
  }
}

const BLOCKS = 64;
const QUARTER = BLOCKS / 4;
/** Blocks in a row without progress: a sixteenth to an eighth of the run. */
const PERSISTENCE = 4;
