import { Pyramid } from "@lossflow/series";
import type { ChartWindow } from "./chart-window.ts";
import { SmoothedTrace } from "./smoothed-trace.ts";

/** Buckets kept of a series: some four for each pixel column of a wide terminal; a quarter of a megabyte at most. */
const RESOLUTION = 1_024;

/** Weights of the debiased exponential moving average that a chart offers. */
export const SMOOTHING_WEIGHTS: readonly number[] = [0.6, 0.9, 0.99];

/** What of a series to show. */
export interface ChartRequest {
  readonly pixels: number;
  /** The share of the steps, counted from the newest: 1 is the whole series. */
  readonly share: number;
  /** One of {@link SMOOTHING_WEIGHTS}, or null for none. */
  readonly weight: number | null;
}

/** Keeps a series for drawing, in memory that does not grow with it; no extreme is ever lost (see {@link Pyramid}). */
export class SeriesChart {
  readonly #pyramid: Pyramid = new Pyramid({ resolution: RESOLUTION });
  readonly #traces: readonly SmoothedTrace[] = SMOOTHING_WEIGHTS.map((weight) => new SmoothedTrace(weight));

  add(step: number, value: number, segment: number): void {
    this.#pyramid.add(step, value, segment);
    for (const trace of this.#traces) trace.add(step, value, segment);
  }

  /** Folds the asked stretch into pixel columns. */
  window({ pixels, share, weight }: ChartRequest): ChartWindow {
    const total = this.#pyramid.total();
    const last = total.high[0]!;
    const first = last - (last - total.low[0]!) * share;
    const buckets = this.#pyramid.columns(first, last, pixels);
    const trace = weight === null ? undefined : this.#traces[SMOOTHING_WEIGHTS.indexOf(weight)];
    let points = 0;
    for (let x = 0; x < pixels; x++) points += buckets.finite[x]! + buckets.nonFinite[x]!;
    return {
      columns: {
        min: buckets.min,
        max: buckets.max,
        first: buckets.first,
        last: buckets.last,
        nonFinite: buckets.nonFinite,
        joined: buckets.broken.map((broken) => 1 - broken),
      },
      ...(trace === undefined ? {} : { smoothed: trace.columns(first, last, pixels) }),
      smoothing: trace?.label ?? null,
      points,
      fromStep: first,
      toStep: last,
    };
  }
}
