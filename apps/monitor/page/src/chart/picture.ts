import type { Axis } from "../../../src/plot/axis.ts";
import type { EventState } from "../../../src/plot/run-state.ts";
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
}

/** What a chart holds: columns over `loaded`, which may reach past what is in view so that it can be moved. */
export interface Picture {
  readonly axis: Axis;
  readonly loaded: Range;
  /** Pixel columns over `loaded`. */
  readonly columns: number;
  readonly lines: readonly Line[];
  readonly isSmoothed: boolean;
}

/** An event on a chart. */
export interface PlacedEvent {
  readonly x: number;
  readonly run: string;
  readonly event: EventState;
}
