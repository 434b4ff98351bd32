import type { Detector, SeriesEvent } from "./detector.ts";
import { DivergenceDetector } from "./divergence-detector.ts";
import { NonFiniteDetector } from "./non-finite-detector.ts";
import { PlateauDetector } from "./plateau-detector.ts";
import { SpikeDetector } from "./spike-detector.ts";
import { StallDetector } from "./stall-detector.ts";

/** Runs the detectors that suit a series: NaN and infinities everywhere, the others on losses alone. */
export class SeriesDetectors {
  readonly #detectors: readonly Detector[];
  readonly #stall: StallDetector;
  #segment = 0;
  #step = -Infinity;

  /** `isLoss`: whether rising is bad, so that spike, divergence, plateau and stall are looked for. */
  constructor(metric: string, isLoss: boolean) {
    this.#stall = new StallDetector(metric);
    this.#detectors = isLoss
      ? [
          new NonFiniteDetector(metric),
          new SpikeDetector(metric),
          new DivergenceDetector(metric),
          new PlateauDetector(metric),
          this.#stall,
        ]
      : [new NonFiniteDetector(metric)];
  }

  /**
   * Adds a point, `time` in seconds where known. A new segment or a step that goes back starts the detectors afresh.
   * @returns the events of incidents that this point opens, usually none; they grow as {@link Detector} says.
   */
  add(step: number, value: number, time?: number, segment: number = 0): readonly SeriesEvent[] {
    if (segment !== this.#segment || step < this.#step)
      for (const detector of this.#detectors) detector.reset();
    this.#segment = segment;
    this.#step = step;
    let opened: SeriesEvent[] | null = null;
    for (const detector of this.#detectors) {
      const event = detector.add(step, value, time);
      if (event !== null) (opened ??= []).push(event);
    }
    return opened ?? NONE;
  }

  /** Asks by the clock whether the series has stalled; see {@link StallDetector.idle}. */
  idle(time: number): SeriesEvent | null {
    return this.#stall.idle(time);
  }
}

const NONE: readonly SeriesEvent[] = [];
