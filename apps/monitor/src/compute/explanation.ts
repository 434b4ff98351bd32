import type { Guess, IgnoredSample, LineCounts } from "@lossflow/logs";

/** How one file of a run was understood. */
export interface Explanation {
  readonly run: string;
  /** As given on the command line. */
  readonly source: string;
  readonly file: string;
  /** The reader's id, null where no reader knows the file. */
  readonly format: string | null;
  readonly title: string | null;
  /** 0 to 1. */
  readonly confidence: number;
  /** What else the file might be, the likeliest first. */
  readonly candidates: readonly Guess[];
  readonly lines: LineCounts;
  readonly segments: number;
  /** The points of each series in this file. */
  readonly metrics: readonly { readonly name: string; readonly count: number }[];
  /** The first lines that were not read, with the reason. */
  readonly ignored: readonly IgnoredSample[];
}
