import { SortedWindow } from "../sorted-window.ts";
import type { Detector, OpenEvent, SeriesEvent } from "./detector.ts";

export interface StallOptions {
  /** Seconds without a point, at least. Default 600: evaluations and checkpoints take minutes. */
  readonly patience?: number;
  /** Times the usual interval between points (median of 65), at least. Default 20. */
  readonly times?: number;
}

/**
 * Finds a run that has stopped writing: by its own times between two points, by the clock after the last.
 *
 * Rule: more than `patience` seconds and more than `times` the usual interval without a point. Needs 8 intervals.
 * Points without a time are not looked at, and times that go back are taken as no time at all.
 *
 * Fires falsely on: a long evaluation, a checkpoint to slow storage, a machine that slept.
 */
export class StallDetector implements Detector {
  readonly #metric: string;
  readonly #patience: number;
  readonly #times: number;
  readonly #intervals: SortedWindow = new SortedWindow(65);
  #last = Number.NaN;
  #lastStep = 0;
  #lastValue = Number.NaN;
  #open: OpenEvent | null = null;

  constructor(metric: string, options?: StallOptions | null) {
    const { patience = 600, times = 20 } = options ?? {};
    this.#metric = metric;
    this.#patience = patience;
    this.#times = times;
  }

  add(step: number, value: number, time: number = Number.NaN): SeriesEvent | null {
    if (!Number.isFinite(time)) return null;
    // What the clock has opened is not told again when the point comes at last.
    const event = this.#open === null ? this.idle(time) : null;
    this.#open = null;
    if (time >= this.#last) this.#intervals.add(time - this.#last);
    this.#last = time;
    this.#lastStep = step;
    this.#lastValue = value;
    return event;
  }

  /**
   * Asks, at a time of the same clock as the points', whether the run has stalled by now.
   * @returns the event once, when it has.
   */
  idle(time: number): SeriesEvent | null {
    const silence = time - this.#last;
    if (this.#open !== null) {
      this.#open.message = stallMessage(this.#metric, this.#lastStep, silence);
      return null;
    }
    if (this.#intervals.count < 8 || !(silence > this.#limit())) return null;
    this.#open = {
      kind: "stall",
      step: this.#lastStep,
      lastStep: this.#lastStep,
      count: 1,
      metric: this.#metric,
      value: this.#lastValue,
      message: stallMessage(this.#metric, this.#lastStep, silence),
    };
    return this.#open;
  }

  reset(): void {
    this.#last = Number.NaN;
    this.#open = null;
  }

  #limit(): number {
    return Math.max(this.#patience, this.#times * this.#intervals.quantile(0.5));
  }
}

function stallMessage(metric: string, step: number, silence: number): string {
  return `${metric} has no point for ${Math.round(silence)} s after step ${step}.`;
}
