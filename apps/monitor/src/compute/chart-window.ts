import type { Axis } from "../plot/axis.ts";

/** Points folded into pixel columns: what a chart draws of each. */
export interface ChartColumns {
  /** Smallest and largest finite value of each pixel column, NaN where it has none. */
  readonly min: Float64Array;
  readonly max: Float64Array;
  /** First and last finite value of each pixel column, NaN where it has none. */
  readonly first: Float64Array;
  readonly last: Float64Array;
  /** Non-finite points of each pixel column. */
  readonly nonFinite: Float64Array;
  /** 1 where a line may join the column to the one before it: not across a resume or a gap. */
  readonly joined: Uint8Array;
}

/** One line of a chart. */
export interface ChartLine {
  /** Which colour it has: its place among the runs or metrics that are drawn together. */
  readonly colour: number;
  /** Whether a later segment of the run has written this again. */
  readonly superseded: boolean;
  readonly columns: ChartColumns;
  /** The smoothed value at each pixel column, where smoothing is on. */
  readonly smoothed: Float64Array | null;
}

/** The stretch of one or several series that a chart shows. */
export interface ChartWindow {
  /** In the order in which they are drawn: the last one covers the others. */
  readonly lines: readonly ChartLine[];
  /** What the smoothed lines are, null where there are none. */
  readonly smoothing: string | null;
  /** Points behind the columns, and how many of them stand in superseded stretches. */
  readonly points: number;
  readonly superseded: number;
  /** Points at 0 or below it, which have no place on a logarithmic x axis. */
  readonly unplaced: number;
  readonly axis: Axis;
  readonly logX: boolean;
  readonly from: number;
  readonly to: number;
}
