import type { Detector, OpenEvent, SeriesEvent } from "./detector.ts";
import { Level } from "./level.ts";

export interface SpikeOptions {
  /** How many standard deviations of the noise above the level. Default 10. */
  readonly threshold?: number;
  /** How much of the level itself above it, at least. Default 0.1: a tenth. */
  readonly minRise?: number;
}

/**
 * Finds spikes of a loss: values far above the level before them, of one step or of several.
 *
 * Rule: the level is the median of the last 33 points, of which 16 must have been seen ({@link Level}). A rise above it of
 * more than each of threshold * noise, minRise * |level| and a hundredth (a tenth, where the level is 0) of the highest
 * |level| so far opens an incident. It lasts while the rise stays above half of that, and its points do not count for
 * level and noise, so that neither a long nor a second spike hides behind the first. After 33 points in a row it is no
 * spike but a new level: the incident ends and the detector starts afresh. A falling loss lies below its level and never
 * fires.
 *
 * Fires falsely on: losses with tails heavier than exponential (batch size 1, GANs, some of RL), losses that are mostly
 * 0; a change of data or task. Stays silent on: the first 16 points; spikes below a tenth of the level; rises slower
 * than the noise.
 */
export class SpikeDetector implements Detector {
  readonly #metric: string;
  readonly #threshold: number;
  readonly #minRise: number;
  readonly #level: Level = new Level(POINTS);
  #open: OpenEvent | null = null;
  #limit = 0;
  #scale = 0;

  constructor(metric: string, { threshold = 10, minRise = 0.1 }: SpikeOptions = {}) {
    this.#metric = metric;
    this.#threshold = threshold;
    this.#minRise = minRise;
  }

  add(step: number, value: number): SeriesEvent | null {
    if (!Number.isFinite(value)) {
      this.#open = null;
      return null;
    }
    if (this.#level.points >= SETTLED) {
      const level = this.#level.level;
      if (this.#open !== null) {
        if (value - level > this.#limit / 2) return this.#extend(this.#open, step, value);
        this.#open = null;
      } else {
        this.#scale = Math.max(this.#scale, Math.abs(level));
        this.#limit = Math.max(
          this.#threshold * this.#level.noise,
          this.#minRise * Math.abs(level),
          this.#scale / (level === 0 ? 10 : 100),
        );
        if (value - level > this.#limit && this.#scale > 0) {
          this.#open = spikeEvent(this.#metric, step, value, level);
          return this.#open;
        }
      }
    }
    this.#level.add(value);
    return null;
  }

  reset(): void {
    this.#level.clear();
    this.#scale = 0;
    this.#open = null;
  }

  #extend(open: OpenEvent, step: number, value: number): null {
    open.count++;
    open.lastStep = step;
    open.value = Math.max(open.value, value);
    if (open.count > POINTS) this.reset();
    return null;
  }
}

const POINTS = 33;
const SETTLED = 16;

function spikeEvent(metric: string, step: number, value: number, level: number): OpenEvent {
  return {
    kind: "spike",
    step,
    lastStep: step,
    count: 1,
    metric,
    value,
    get message(): string {
      const until =
        this.count === 1 ? "" : ` and stays high for ${this.count} points, to step ${this.lastStep}`;
      return `${metric} jumps from about ${brief(level)} to ${brief(this.value)} at step ${step}${until}.`;
    },
  };
}

/** A number for a sentence: four digits. */
export function brief(x: number): string {
  return String(Number(x.toPrecision(4)));
}
