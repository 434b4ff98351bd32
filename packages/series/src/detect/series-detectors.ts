import type { Detector, SeriesEvent } from "./detector.ts";
import { DivergenceDetector } from "./divergence-detector.ts";
import { NonFiniteDetector } from "./non-finite-detector.ts";
import { PlateauDetector } from "./plateau-detector.ts";
import { SpikeDetector } from "./spike-detector.ts";
import { StallDetector } from "./stall-detector.ts";

/** What a series is: a loss should fall, the norm of gradients should not explode, of others only NaN is told. */
export type SeriesRole = "loss" | "gradient norm" | "other";

/**
 * Runs the detectors that suit a series: NaN and infinities everywhere; spike, divergence, plateau and stall on losses;
 * on the norm of gradients an explosion, told as a spike: above 10 times its level and 20 times its noise.
 */
export class SeriesDetectors {
  readonly #detectors: readonly Detector[];
  readonly #stall: StallDetector | null;
  #segment = 0;
  #step = -Infinity;

  constructor(metric: string, role: SeriesRole) {
    this.#stall = role === "loss" ? new StallDetector(metric) : null;
    this.#detectors = [new NonFiniteDetector(metric), ...ofRole(metric, role)];
    if (this.#stall !== null) this.#detectors = [...this.#detectors, this.#stall];
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
    return this.#stall?.idle(time) ?? null;
  }
}

const NONE: readonly SeriesEvent[] = [];
/** Ten times the level, once it is known: norms of gradients are uneven by their nature, at the start above all. */
const EXPLOSION = { threshold: 20, minRise: 9, minPoints: 16 } as const;

function ofRole(metric: string, role: SeriesRole): readonly Detector[] {
  if (role === "loss")
    return [new SpikeDetector(metric), new DivergenceDetector(metric), new PlateauDetector(metric)];
  return role === "gradient norm" ? [new SpikeDetector(metric, EXPLOSION)] : [];
}
