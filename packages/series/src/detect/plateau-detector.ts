import { SortedWindow } from "../sorted-window.ts";
import type { Detector, OpenEvent, SeriesEvent } from "./detector.ts";
import { brief } from "./spike-detector.ts";

export interface PlateauOptions {
  /** Points before anything is said. Default 60. */
  readonly minPoints?: number;
  /** What counts as progress, as a share of all that was won since the start. Default 0.002. */
  readonly progress?: number;
}

/**
 * Finds a loss that has stayed where it is over the last half of the run.
 *
 * Rule: the series is kept as at most 64 block means of equal width, which doubles when they are full. After each block
 * the last half of the run is cut into four eighths; the level of a part is the median of its block means. The half is
 * flat where its second quarter lies below its first by less than can be told, each eighth below the one before it by
 * less than 3 times that, and its end above its lowest eighth, and above the lowest blocks of the run, by less than the
 * larger of a twentieth of what was won and 5 standard errors. What can be told is the larger of `progress` of what was
 * won (from the first block to the first quarter of the half, ten times the level at most) and one standard error. Six blocks in a row that are flat
 * open an incident. It ends when the last eighth has left its level: downwards by 5 times what can be told, upwards by
 * twice what it may rise. The next one begins behind that, so that one flat stretch is one incident.
 *
 * Asks for `minPoints`, and for 20 times as many (1,200) where the error is above a twentieth of what was won and above
 * 1/250 of the level, since a slow fall is then hidden.
 *
 * Fires falsely on: training that has simply converged (a plateau too); a loss so noisy that its fall is hidden. Stays
 * silent on: a loss of exactly 0; a plateau shorter than half of the run; a flat stretch far above the best level so far, which is a
 * divergence.
 */
export class PlateauDetector implements Detector {
  readonly #metric: string;
  readonly #minPoints: number;
  readonly #progress: number;
  readonly #means: Float64Array = new Float64Array(BLOCKS);
  readonly #steps: Float64Array = new Float64Array(BLOCKS);
  readonly #scratch: SortedWindow = new SortedWindow(BLOCKS / 2);
  #blocks = 0;
  #width = 1;
  #sum = 0;
  #points = 0;
  #suspicions = 0;
  /** The block at which the last incident ended: the next one begins behind it. */
  #free = 0;
  #open: OpenEvent | null = null;
  /** The level of the open incident, and how far below it the loss is falling again. */
  #level = 0;
  #fall = 0;

  constructor(metric: string, options?: PlateauOptions | null) {
    const { minPoints = 60, progress = 0.002 } = options ?? {};
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
    const event = this.#blocks * this.#width < this.#minPoints ? null : this.#judge(step, value);
    if (this.#blocks === BLOCKS) this.#halve();
    return event;
  }

  reset(): void {
    this.#blocks = 0;
    this.#width = 1;
    this.#points = 0;
    this.#sum = 0;
    this.#suspicions = 0;
    this.#free = 0;
    this.#open = null;
  }

  #judge(step: number, value: number): SeriesEvent | null {
    const end = this.#blocks;
    const eighth = end >> 3;
    const begin = end - 4 * eighth;
    const before = this.#medianOf(begin, begin + 2 * eighth);
    const after = this.#medianOf(begin + 2 * eighth, end);
    const levels = [0, 1, 2, 3].map((k) => this.#medianOf(begin + k * eighth, begin + (k + 1) * eighth));
    const last = levels[3]!;
    const noise = this.#noiseOf(begin, end);
    const error = Math.max(1.25 * noise * Math.sqrt(1 / eighth), ROUNDING * Math.abs(after));
    const won = Math.min(Math.abs(this.#means[0]! - before), MOST_WON * Math.abs(after));
    const needed = Math.max(this.#progress * won, error);
    const room = Math.max(ROOM * won, 5 * error);
    if (this.#open !== null) {
      if (last < this.#level - Math.max(this.#fall, 5 * needed) || last > this.#level + 2 * room) {
        this.#open = null;
        this.#free = end;
      }
      return null;
    }
    const isBlind = error > Math.max(BLIND * won, Math.abs(after) * BLIND_OF_LEVEL);
    const due = this.#minPoints * (isBlind ? PATIENCE : 1);
    const flat =
      (before - after < needed || before <= after) &&
      levels.every((level, k) => k === 0 || levels[k - 1]! - level <= 3 * needed) &&
      last - Math.min(...levels) <= room &&
      last - this.#lowest() <= room &&
      // A loss of exactly 0 has nowhere to fall, and is told as that.
      (before !== 0 || after !== 0) &&
      end * this.#width >= due;
    this.#suspicions = flat ? this.#suspicions + 1 : 0;
    if (this.#suspicions < PERSISTENCE) return null;
    let first = Math.max(begin, this.#free);
    while (first < end - 1 && this.#means[first]! > before + needed) first++;
    while (first > this.#free && Math.abs(this.#means[first - 1]! - before) <= needed) first--;
    const since = this.#steps[first]!;
    this.#suspicions = 0;
    this.#level = Math.min(before, after);
    this.#fall = 5 * needed;
    this.#open = {
      kind: "plateau",
      step: since,
      lastStep: step,
      count: (end - first) * this.#width,
      metric: this.#metric,
      value,
      message: `${this.#metric} has not fallen since step ${since}: about ${brief(before)} then, about ${brief(after)} at step ${step}.`,
    };
    return this.#open;
  }

  /** The median of the block means from `from` to `to`. */
  #medianOf(from: number, to: number): number {
    const means = this.#scratch;
    means.clear();
    for (let k = from; k < to; k++) means.add(this.#means[k]!);
    return means.quantile(0.5);
  }

  /** The standard deviation of the block means about a level that may move, by the differences of neighbours. */
  #noiseOf(from: number, to: number): number {
    const steps = this.#scratch;
    steps.clear();
    for (let k = from + 1; k < to; k++) steps.add(Math.abs(this.#means[k]! - this.#means[k - 1]!));
    return 1.0483 * steps.quantile(0.5);
  }

  /** The lowest median of three blocks in a row, so that one low block sets no mark. */
  #lowest(): number {
    let lowest = Infinity;
    for (let k = 2; k < this.#blocks; k++) {
      const a = this.#means[k - 2]!;
      const b = this.#means[k - 1]!;
      const c = this.#means[k]!;
      lowest = Math.min(lowest, Math.max(Math.min(a, b), Math.min(Math.max(a, b), c)));
    }
    return lowest;
  }

  #halve(): void {
    for (let k = 0; k < BLOCKS / 2; k++) {
      this.#means[k] = (this.#means[2 * k]! + this.#means[2 * k + 1]!) / 2;
      this.#steps[k] = this.#steps[2 * k]!;
    }
    this.#blocks = BLOCKS / 2;
    this.#free = Math.ceil(this.#free / 2);
    this.#width *= 2;
  }
}

const BLOCKS = 64;
/** Blocks in a row that are flat: a tenth to a fifth of the run. */
const PERSISTENCE = 6;
/** What sums of equal values may differ by, as a share of them. */
const ROUNDING = 1e-12;
/** How many times the usual number of points are asked for where an error hides whether the loss still falls. */
const PATIENCE = 20;
/** How far a flat stretch may rise, or lie above the lowest level so far, as a share of what was won. */
const ROOM = 0.05;
/** Of what was won so many times the level counts: a perplexity that came from 60,000 still falls at 100. */
const MOST_WON = 10;
/** From these shares of what was won, and of the level, on, an error hides whether the loss still falls. */
const BLIND = 0.05;
const BLIND_OF_LEVEL = 1 / 250;
