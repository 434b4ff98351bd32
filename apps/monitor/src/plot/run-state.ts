import type { LineCounts, RunEvent } from "@lossflow/logs";
import type { Axis } from "./axis.ts";
import type { Extent } from "./series-plot.ts";

/** What a page knows of a series: counts of all its points, figures over the finite ones, null where there are none. */
export interface MetricState {
  /** Its index in the run. */
  readonly id: number;
  readonly name: string;
  readonly isLoss: boolean;
  readonly count: number;
  readonly finite: number;
  readonly nan: number;
  readonly posInf: number;
  readonly negInf: number;
  readonly sum: number | null;
  /** sum / finite. */
  readonly mean: number | null;
  readonly min: number | null;
  readonly minStep: number | null;
  readonly max: number | null;
  readonly maxStep: number | null;
  /** The latest point, finite or not. */
  readonly latest: number;
  readonly latestStep: number;
  /** Where it begins and ends along each axis that the log states. */
  readonly extents: Readonly<Partial<Record<Axis, Extent>>>;
}

/** An event of a run with its place along the axes besides the step that the log states. */
export interface EventState extends RunEvent {
  readonly at: Readonly<Partial<Record<Axis, number>>>;
}

/** What is known of a run besides its series and events. */
export interface RunHead {
  /** Opaque: says nothing of where the run lies. */
  readonly id: string;
  readonly name: string;
  readonly source: string;
  readonly state: "waiting" | "following" | "ended";
  /** When the last byte came, in milliseconds since 1970. */
  readonly lastByte: number | null;
  readonly format: string | null;
  readonly lines: LineCounts;
  readonly segments: number;
  /** The index of the main training loss, null where no series looks like a loss. */
  readonly main: number | null;
}

/** What of a run is new: the series that changed, and the events that came or grew, each with its index. */
export interface RunUpdate extends RunHead {
  readonly metrics: readonly MetricState[];
  readonly events: readonly (readonly [index: number, event: EventState])[];
}

/** What is new since the last update; the first one of a stream holds everything. */
export interface Update {
  readonly version: 1;
  readonly whole: boolean;
  /** Milliseconds since 1970 by the sender's clock. */
  readonly now: number;
  readonly runs: readonly RunUpdate[];
}
