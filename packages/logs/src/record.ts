/** One number of one series at one place of a run. Units of `time`: seconds since the epoch. */
export interface Point {
  /** The name in the log, nested keys joined with "/", tagged lines as "tag/key". */
  readonly metric: string;
  readonly value: number;
  /** The log's step or iteration, else its epoch, else the 0-based index in the series. */
  readonly step: number;
  readonly epoch?: number;
  /** Seconds since 1970-01-01 UTC, where the log says when; below 1e8, seconds since the run's start. */
  readonly time?: number;
  readonly rank?: number;
  /** 0 for the first stretch of the run; one more after each resume, restart or rewrite. */
  readonly segment: number;
}

/** What happened in a run besides its points; kinds as in `summary --json`. */
export type EventKind =
  | "nan"
  | "inf"
  | "spike"
  | "divergence"
  | "plateau"
  | "overflow"
  | "skipped"
  | "stall"
  | "resume"
  | "rewrite"
  | "truncated"
  | "missing"
  | "traceback"
  | "oom"
  | "signal"
  | "quantised"
  | "average";

/** One incident: a run of consecutive points or lines, not each of them. */
export interface RunEvent {
  readonly kind: EventKind;
  readonly step: number | null;
  readonly lastStep: number | null;
  readonly count: number;
  readonly metric: string | null;
  readonly value: number | null;
  /** One sentence for a person. */
  readonly message: string;
}

/** Lines (records, in binary formats) seen so far; `total = read + ignored`. */
export interface LineCounts {
  readonly total: number;
  readonly read: number;
  readonly ignored: number;
}

/** A line that was not read, for `explain`. */
export interface IgnoredSample {
  /** 1-based. */
  readonly line: number;
  /** Its first 200 bytes. */
  readonly text: string;
  readonly why: string;
}
