import type { Detector, OpenEvent, SeriesEvent } from "./detector.ts";
import { Level } from "./level.ts";

export interface SpikeOptions {
  /** How many standard deviations of the noise above the level. Default 10. */
  readonly threshold?: number;
  /** How much of the level itself above it, at least. Default 0.1: a tenth. */
  readonly minRise?: number;
  /** Points that must have come before. Default 1. */
  readonly minPoints?: number;
}

/**
 * Finds spikes of a loss: values far above the level before them, of one step or of several.
 *
 * Rule: the level is the median of the last 33 points ({@link Level}). A rise above it of more than each of threshold *
 * noise, minRise * |level| and a hundredth (a tenth, where the level is 0) of the highest |level| so far opens an
 * incident. From the 2nd to the 16th point, a rise above the level and the last value of more than half of them (three times, up to the
 * 4th), and of
 * threshold * sqrt(16 / points) times the unevenness of the steps so far. It lasts while the rise stays above half of that, and its points do not count for
 * level and noise, so that neither a long nor a second spike hides behind the first. After 33 points in a row it is no
 * spike but a new level: the incident ends and the detector starts afresh. A falling loss lies below its level and never
 * fires. Of two points that differ the first may be the odd one (a sum over fewer batches): the second is a spike once the
 * third is back, else the detector starts afresh with it.
 *
 * Fires falsely on: losses with tails heavier than exponential (batch size 1, GANs, some of RL), losses that are mostly
 * 0; a change of data or task. Stays silent on: the first point, and a second that the third does not follow back; spikes below a tenth of the level; rises slower
 * than the noise.
 */
export class SpikeDetector implements Detector {
  readonly #metric: string;
  readonly #threshold: number;
  readonly #minRise: number;
  readonly #minPoints: number;
  readonly #level: Level = new Level(POINTS);
  #open: OpenEvent | null = null;
  /** The second point, while the third may tell that it was a spike. */
  #second: { readonly step: number; readonly value: number } | null = null;
  #base = 0;
  #limit = 0;
  #scale = 0;
  /** Tells the open incident at which step it is highest. */
  #setPeak: (step: number) => void = () => undefined;
  /** The first values after a start, while there are too few for a level. */
  readonly #early: number[] = [];

  constructor(metric: string, options?: SpikeOptions | null) {
    const { threshold = 10, minRise = 0.1, minPoints = 1 } = options ?? {};
    this.#metric = metric;
    this.#threshold = threshold;
    this.#minRise = minRise;
    this.#minPoints = minPoints;
  }

  add(step: number, value: number): SeriesEvent | null {
    if (!Number.isFinite(value)) {
      this.#open = null;
      return null;
    }
    if (this.#second !== null) return this.#judgeSecond(this.#second, value);
    if (this.#open !== null) {
      if (value - this.#base > this.#limit / 2) return this.#extend(this.#open, step, value);
      this.#open = null;
    } else if (this.#setLimit() && value - this.#base > this.#limit) {
      if (this.#level.points > 1) return this.#begin(step, value);
      this.#second = { step, value };
      return null;
    }
    this.#take(value);
    return null;
  }

  #judgeSecond(second: { readonly step: number; readonly value: number }, third: number): SeriesEvent | null {
    this.#second = null;
    const isBack = third - this.#base <= this.#limit / 2;
    const event = isBack ? this.#begin(second.step, second.value) : null;
    this.#open = null;
    if (!isBack) {
      this.reset();
      this.#take(second.value);
    }
    this.#take(third);
    return event;
  }

  /** Counts a value for level and noise. */
  #take(value: number): void {
    this.#level.add(value);
    if (this.#level.points < SETTLED) this.#early.push(value);
  }

  /** Says from which level up a rise of how much is a spike; false while there is too little to tell by. */
  #setLimit(): boolean {
    const { points, level } = this.#level;
    if (points < this.#minPoints) return false;
    this.#base = level;
    if (points < SETTLED) {
      // The loss still falls steeply, or rises in a warm-up: what counts is how unevenly it does.
      this.#base = Math.max(level, this.#early.at(-1)!);
      const caution = Math.sqrt(SETTLED / points);
      this.#limit = Math.max(
        this.#threshold * caution * unevennessOf(this.#early),
        Math.max(points < 4 ? FIRST_RISE : EARLY_RISE, this.#minRise) * Math.abs(this.#base),
      );
      return this.#base !== 0;
    }
    this.#scale = Math.max(this.#scale, Math.abs(level));
    this.#limit = Math.max(
      this.#threshold * this.#level.noise,
      this.#minRise * Math.abs(level),
      this.#scale / (level === 0 ? 10 : 100),
    );
    return this.#scale > 0;
  }

  reset(): void {
    this.#level.clear();
    this.#early.length = 0;
    this.#scale = 0;
    this.#open = null;
    this.#second = null;
  }

  #begin(step: number, value: number): SeriesEvent {
    const metric = this.#metric;
    const from = brief(this.#base);
    let peak = step;
    this.#setPeak = (at) => (peak = at);
    this.#open = {
      kind: "spike",
      step,
      lastStep: step,
      count: 1,
      metric,
      value,
      get message(): string {
        const jump = `${metric} jumps from about ${from} to ${brief(value)} at step ${step}`;
        const until =
          this.count === 1 ? "" : ` and stays high for ${this.count} points, to step ${this.lastStep}`;
        return peak === step
          ? `${jump}${until}.`
          : `${jump}${until}; ${brief(this.value)} at step ${peak} is its highest.`;
      },
    };
    return this.#open;
  }

  #extend(open: OpenEvent, step: number, value: number): null {
    open.count++;
    open.lastStep = step;
    if (value > open.value) {
      open.value = value;
      this.#setPeak(step);
    }
    if (open.count > POINTS) this.reset();
    return null;
  }
}

const POINTS = 33;
const SETTLED = 16;
/** How much of the level a spike must rise while there are fewer than 16 points, and than 4. */
const EARLY_RISE = 0.5;
const FIRST_RISE = 3;

/** The standard deviation of the differences of neighbours about their median, by the median of the deviations; 0 of one value. */
function unevennessOf(values: readonly number[]): number {
  const steps = values.slice(1).map((value, i) => value - values[i]!);
  const middle = median(steps);
  return 1.4826 * median(steps.map((step) => Math.abs(step - middle)));
}

function median(values: number[]): number {
  values.sort((a, b) => a - b);
  return values[values.length >> 1] ?? 0;
}

/** A number for a sentence: four digits. */
export function brief(x: number): string {
  return String(Number(x.toPrecision(4)));
}
