import type { Axis } from "../../../src/plot/axis.ts";
import type { EventState } from "../../../src/plot/run-state.ts";
import type { SeedBand } from "../../../src/plot/seed-band.ts";
import type { SeriesWindow } from "../../../src/plot/series-window.ts";
import type { GroupSeries } from "../state/metric-groups.ts";
import type { LineStyle } from "./colours.ts";

/** A stretch of the x axis. */
export type Range = readonly [from: number, to: number];

/** One series of a chart with its columns. */
export interface Line {
  readonly of: GroupSeries;
  readonly window: SeriesWindow;
  readonly style: LineStyle;
  /** Whether a band of several runs stands for it. */
  readonly isBanded: boolean;
}

/** Several runs of one training, put together. */
export interface Band {
  readonly name: string;
  readonly count: number;
  readonly style: LineStyle;
  readonly band: SeedBand;
}

/** What a chart holds: columns over `loaded`, which may reach past what is in view so that it can be moved. */
export interface Picture {
  readonly axis: Axis;
  /** Whether the columns are of equal width in the logarithm of x. */
  readonly logX: boolean;
  readonly loaded: Range;
  /** Pixel columns over `loaded`. */
  readonly columns: number;
  readonly lines: readonly Line[];
  readonly bands: readonly Band[];
  readonly isSmoothed: boolean;
}

/** An event on a chart. */
export interface PlacedEvent {
  readonly x: number;
  readonly run: string;
  readonly event: EventState;
}

/** How places of the x axis become distances: evenly, or by their logarithm. */
export function shapeOf(logX: boolean): (x: number) => number {
  return logX ? Math.log : (x) => x;
}

/** The inverse of {@link shapeOf}. */
export function placeOf(logX: boolean): (shaped: number) => number {
  return logX ? Math.exp : (x) => x;
}
