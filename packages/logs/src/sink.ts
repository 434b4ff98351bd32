import type { RunEvent } from "./record.ts";

/**
 * Where a point stands. One object is reused for all points of a run: read it inside `point`, never keep it.
 */
export interface Place {
  /** The log's step or iteration, else its epoch, else the 0-based index in the series. */
  step: number;
  /** NaN where the log does not say. */
  epoch: number;
  /**
   * Seconds since 1970-01-01 UTC (stamps without a zone are read as UTC), or since the run's start where the log counts
   * from there (values below 1e8); NaN where the log does not say.
   */
  time: number;
  /** -1 where the log does not say. */
  rank: number;
  /** 0 for the first stretch of the run; one more after each resume, restart or rewrite. */
  segment: number;
}

/**
 * Points of consecutive records, all with the same series, as columns of `rows` numbers. The columns are the reader's
 * again after the call: copy what must last.
 */
export interface PointRows {
  readonly rows: number;
  /** Handles, none twice. */
  readonly series: readonly number[];
  /** A column for each series. */
  readonly values: readonly Float64Array[];
  /** Places as in {@link Place}. Steps never go back within the rows. */
  readonly step: Float64Array;
  readonly epoch: Float64Array;
  readonly time: Float64Array;
  readonly rank: number;
  readonly segment: number;
}

/** Takes what a reader finds, in the order of the log. Nothing is allocated for a point. */
export interface LogSink {
  /** Opens the series `name` and returns the handle that its points carry; called once a name and run. */
  series(name: string): number;
  /** Takes one point of a series. `place` is reused after the call. */
  point(series: number, value: number, place: Readonly<Place>): void;
  /**
   * Takes the points of many records at once, where a reader has them so: a sink without it is given each of them by
   * `point`, record after record.
   */
  pointRows?(rows: PointRows): void;
  /**
   * Takes an incident when it begins. While it lasts (further OVERFLOW lines, say) `count`, `lastStep` and `value`
   * grow in this same object, so a report written at the end shows the whole incident.
   */
  event(event: RunEvent): void;
}
