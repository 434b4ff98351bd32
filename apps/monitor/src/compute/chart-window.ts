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
  /** 1 where a line may join the column to the one before it: not across a resume. */
  readonly joined: Uint8Array;
}

/** The stretch of a series that a chart shows. */
export interface ChartWindow {
  readonly columns: ChartColumns;
  /** The smoothed value at each pixel column, where smoothing is on. */
  readonly smoothed?: Float64Array;
  /** What the smoothed line is, null where there is none. */
  readonly smoothing: string | null;
  /** Points behind the columns. */
  readonly points: number;
  readonly fromStep: number;
  readonly toStep: number;
}
