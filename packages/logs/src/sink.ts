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

/** Takes what a reader finds, in the order of the log. Nothing is allocated for a point. */
export interface LogSink {
  /** Opens the series `name` and returns the handle that its points carry; called once a name and run. */
  series(name: string): number;
  /** Takes one point of a series. `place` is reused after the call. */
  point(series: number, value: number, place: Readonly<Place>): void;
  /**
   * Takes an incident when it begins. While it lasts (further OVERFLOW lines, say) `count`, `lastStep` and `value`
   * grow in this same object, so a report written at the end shows the whole incident.
   */
  event(event: RunEvent): void;
}
