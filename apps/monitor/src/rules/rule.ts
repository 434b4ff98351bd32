/** What a rule speaks of: incidents of a series, what the log itself reports, or a limit of the last value. */
export type RuleKind = SeriesKind | LogKind | "limit";
export type SeriesKind = (typeof SERIES_KINDS)[number];
export type LogKind = (typeof LOG_KINDS)[number];

/** Incidents that are found in the points of a series; `nan` is of infinities too. */
export const SERIES_KINDS = ["nan", "spike", "divergence", "plateau", "stall", "zero"] as const;
/** Incidents that a log tells of in words. */
export const LOG_KINDS = ["overflow", "skipped", "traceback", "oom", "signal"] as const;

/** One line of a rules file. */
export interface Rule {
  readonly verb: "fail" | "warn" | "ignore";
  readonly kind: RuleKind;
  /** Whether a series of this name is meant; null: the judged metric, and of what the log tells everything. */
  readonly metric: ((name: string) => boolean) | null;
  /** Of an incident its value, of a limit the last finite value of the series. */
  readonly above: number | null;
  readonly below: number | null;
  /** The steps between which an incident begins, or the last value stands. */
  readonly from: number;
  readonly to: number;
  /** Points that an incident has, at least. */
  readonly points: number;
  /** 1-based; 0 of a rule that a flag makes. */
  readonly line: number;
}
