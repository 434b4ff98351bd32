import { SortedWindow } from "../sorted-window.ts";
import type { OpenEvent, SeriesEvent } from "./detector.ts";
import { Level } from "./level.ts";
import { brief } from "./spike-detector.ts";

/**
 * Finds a held-out loss that rises while the training loss it belongs to falls.
 *
 * Rule: the levels are the median of the last 3 held-out points and that of the last 17 of training. An incident opens
 * with the third held-out point in a row at which its level is above its lowest so far by more than each of a twentieth
 * of |lowest| and 4 times the noise (0.6053 times the median of |x[i] - 2 x[i-1] + x[i-2]|, a standard deviation whatever
 * the slope), while the training level is below what it was then. It ends when the held-out level is back below half of
 * that.
 *
 * Fires falsely on: held-out sets so small that their noise drifts; a training loss measured with dropout or augmentation
 * that goes on falling by itself. Stays silent on: rises of less than 5 %; fewer than 5 held-out points.
 */
export class OverfitDetector {
  readonly #train: string;
  readonly #heldOut: string;
  readonly #trainLevel: Level = new Level(17);
  readonly #heldOutLevel: SortedWindow = new SortedWindow(3);
  readonly #bends: SortedWindow = new SortedWindow(65);
  #last = Number.NaN;
  #before = Number.NaN;
  #best = Infinity;
  #bestStep = Number.NaN;
  #trainAtBest = Number.NaN;
  #high = 0;
  #open: OpenEvent | null = null;

  constructor(train: string, heldOut: string) {
    this.#train = train;
    this.#heldOut = heldOut;
  }

  /** Whether an incident lasts. */
  get open(): boolean {
    return this.#open !== null;
  }

  /** Adds a point of the training loss. */
  addTrain(value: number): void {
    if (Number.isFinite(value)) this.#trainLevel.add(value);
  }

  /** Adds a point of the held-out loss. @returns the event of an incident that it opens, else null. */
  addHeldOut(step: number, value: number): SeriesEvent | null {
    if (!Number.isFinite(value)) return null;
    const bend = value - 2 * this.#last + this.#before;
    if (Number.isFinite(bend)) this.#bends.add(Math.abs(bend));
    this.#before = this.#last;
    this.#last = value;
    this.#heldOutLevel.add(value);
    const train = this.#trainLevel.level;
    const level = this.#heldOutLevel.quantile(0.5);
    if (level < this.#best) {
      this.#best = level;
      this.#bestStep = step;
      this.#trainAtBest = train;
      this.#high = 0;
      this.#open = null;
      return null;
    }
    const rise = level - this.#best;
    const noise = this.#bends.count === 0 ? 0 : 0.6053 * this.#bends.quantile(0.5);
    const limit = Math.max(Math.abs(this.#best) / 20, 4 * noise);
    if (this.#open !== null) {
      if (rise < limit / 2) this.#open = null;
      else {
        this.#open.count++;
        this.#open.lastStep = step;
        this.#open.value = value;
      }
      return null;
    }
    this.#high = rise > limit && train < this.#trainAtBest ? this.#high + 1 : 0;
    if (this.#high < PERSISTENCE) return null;
    this.#high = 0;
    this.#open = {
      kind: "divergence",
      step,
      lastStep: step,
      count: 1,
      metric: this.#heldOut,
      value,
      message:
        `${this.#heldOut} has risen from about ${brief(this.#best)} at step ${this.#bestStep} to about ${brief(level)} at step ${step}, ` +
        `while ${this.#train} fell from about ${brief(this.#trainAtBest)} to about ${brief(train)}: what is learnt no longer holds beyond the training data.`,
    };
    return this.#open;
  }

  /** Forgets what came before: the run goes on elsewhere (a resume, a restart). */
  reset(): void {
    this.#trainLevel.clear();
    this.#heldOutLevel.clear();
    this.#bends.clear();
    this.#last = this.#before = Number.NaN;
    this.#best = Infinity;
    this.#high = 0;
    this.#open = null;
  }
}

const PERSISTENCE = 3;
