import type { Axis } from "./axis.ts";

/** Which series to draw: the run's id and the index of the series in it. */
export interface SeriesKey {
  readonly run: string;
  readonly metric: number;
}

/** Which stretch of which series to fold into how many pixel columns. */
export interface WindowRequest {
  readonly series: readonly SeriesKey[];
  readonly axis: Axis;
  /** Whether the columns are of equal width in the logarithm of the axis; `from` is above 0 then. */
  readonly log: boolean;
  readonly from: number;
  readonly to: number;
  readonly columns: number;
  /** An index of `SMOOTHINGS`, null for none. */
  readonly smoothing: number | null;
}
