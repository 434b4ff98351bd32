import type { Count, RunningReduction } from "@lossflow/core";
import type { CheckpointProgress } from "../checkpoint/checkpoints.ts";
import type { PlainValue } from "../columns/plain-at.ts";
import type { ColumnNames } from "./options.ts";
import type { Engine } from "../fold/engine.ts";

/** The figures of some rows. Counts are of losses: elements for elementwise losses over lists, else rows. */
export interface Figures {
  /** What the reduction makes of them; null where it has no denominator. */
  readonly value: number | null;
  /** finite + nan + posInf + negInf. */
  readonly count: Count;
  readonly finite: Count;
  readonly missing: Count;
  readonly ignored: Count;
  readonly nan: Count;
  readonly posInf: Count;
  readonly negInf: Count;
  /** The sum of the weights over finite losses. */
  readonly weightSum: number;
  /** The sum of weight * loss over finite losses, rounded once. */
  readonly sum: number;
  /** sum / weightSum, formed from the exact sums; null where the weights add up to 0. */
  readonly mean: number | null;
  /** Of the finite, unweighted losses; null where there are none or the loss depends on the whole. */
  readonly min: number | null;
  readonly max: number | null;
  /** Where asked for, in that order; each null of no losses. */
  readonly quantiles?: readonly QuantileFigure[];
}

/** The smallest loss that at least the share `p` of all does not exceed, within 1 part in 256. */
export interface QuantileFigure {
  readonly p: number;
  readonly value: number | null;
}

/** A key of a group, as its column has it; integers past 2^53 are text, so are NaN and the infinities. */
export type GroupKey = string | number | boolean | null;

export interface GroupFigures extends Figures {
  readonly key: Readonly<Record<string, GroupKey>>;
}

/** Groups whose figures are read from the job's state when they are come to, as often as one likes. */
export interface LazyGroups<Group = GroupFigures> extends Iterable<Group> {
  readonly length: number;
}

/**
 * Positions `from` up to, without, `to`: rows from 0 over all sources, numbers of the step column, or milliseconds since
 * 1970. Windows without rows are left out.
 */
export interface WindowEnds {
  readonly from: number;
  readonly to: number;
}

export type WindowFigures = Figures & WindowEnds;

/** One of the highest losses. Rows are counted from 0: `row` over all sources, `sourceRow` in its own. */
export interface TopFigure {
  readonly row: number;
  readonly source: string;
  readonly sourceRow: number;
  readonly loss: number;
  /** The columns to be shown, in the order in which they were asked for. */
  readonly columns?: Readonly<Record<string, PlainValue>>;
}

/** What is known of one loss. */
export interface LossResult extends Figures {
  readonly loss: string;
  /** All parameters, resolved, in snake_case. */
  readonly params: Readonly<Record<string, unknown>>;
  /** Name and columns of its own, as they were asked for. */
  readonly name?: string | undefined;
  readonly target?: ColumnNames | undefined;
  readonly prediction?: ColumnNames | undefined;
  readonly weight?: string | undefined;
  readonly variance?: string | undefined;
  readonly reduction: RunningReduction;
  /** Where losses differ in it; else it stands in the snapshot. count + missing + ignored. */
  readonly rows?: Count;
  /** Rows and elements of each, for elementwise losses over lists; here where losses differ in it. */
  readonly shape?: readonly [rows: number, elements: number];
  /** Sorted by key, null last; where groups were asked for. */
  readonly groups?: readonly GroupFigures[];
  /** In place of `groups`, in the last snapshot, where `lazyGroups` was asked for. Not to be sent to a worker. */
  readonly lazyGroups?: LazyGroups;
  readonly windows?: readonly WindowFigures[];
  /** Highest first, ties by row. */
  readonly top?: readonly TopFigure[];
}

/** The figures of a metric of some rows. */
export interface MetricFigures {
  /** Null where it has no denominator, as precision has none where nothing is predicted. */
  readonly value: number | null;
  /** Elements for metrics of elements, else rows: finite + nan + posInf + negInf. */
  readonly count: Count;
  readonly finite: Count;
  readonly missing: Count;
  readonly ignored: Count;
  /** Those with a NaN in a column that is read, which are in no sum; infinite squares of rmse are not either. */
  readonly nan: Count;
  readonly posInf: Count;
  readonly negInf: Count;
  readonly weightSum: number;
  /** What the value is formed of, by name: sums of weights, so whole numbers where there are none. */
  readonly counts?: Readonly<Record<string, number>>;
  /** Of `confusion` and the macro figures: a row a label, a column a class predicted. */
  readonly matrix?: readonly (readonly number[])[];
}

export type MetricGroup = MetricFigures & Pick<GroupFigures, "key">;

/** What is known of one metric. */
export interface MetricResult extends MetricFigures {
  readonly metric: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** Name and columns of its own, as they were asked for. */
  readonly name?: string | undefined;
  readonly target?: ColumnNames | undefined;
  readonly prediction?: ColumnNames | undefined;
  readonly weight?: string | undefined;
  /** count + missing + ignored. */
  readonly rows: Count;
  readonly groups?: readonly MetricGroup[];
  readonly lazyGroups?: LazyGroups<MetricGroup>;
  readonly windows?: readonly (MetricFigures & WindowEnds)[];
}

/** How far a job has come. Rates are of the time since it began. */
export interface Progress {
  /** Rows of the table. */
  readonly rows: number;
  /** Bytes of the sources that have been folded; 0 for sources in memory. */
  readonly bytes: number;
  /** Bytes of all sources; null where that is not known. */
  readonly totalBytes: number | null;
  readonly elapsedMs: number;
  readonly rowsPerSecond: number;
  /** Milliseconds until all bytes are folded, at the rate so far; null where that cannot be told. */
  readonly remainingMs: number | null;
  /** Of its checkpoints, where it writes some. */
  readonly checkpoint?: CheckpointProgress;
}

/** Rows `from` up to, without, `to`, over all sources, on which three workers failed: no figure holds them. */
export interface QuarantinedRows {
  readonly source: string;
  readonly from: number;
  readonly to: number;
  /** How the last worker failed. */
  readonly why: string;
}

/** The figures of all rows so far. Plain data; never changed once given. */
export interface Snapshot {
  /** Losses counted, of each result: count + missing + ignored. Absent where the results differ in it. */
  readonly rows?: Count;
  readonly shape?: readonly [rows: number, elements: number];
  /** Rows of the table that are in no window; where windows are of steps or times. */
  readonly windowless?: {
    /** Rows that came after all of their windows had closed. */
    readonly late: number;
    /** Rows whose step or time is null. */
    readonly missing: number;
  };
  /** Whether all rows are in. */
  readonly done: boolean;
  /** In the order in which the losses were asked for. */
  readonly results: readonly LossResult[];
  /** In the order in which they were asked for; where metrics were. */
  readonly metrics?: readonly MetricResult[];
  readonly progress: Progress;
  /**
   * What was left out of all figures, in order of its rows; where `quarantine` was asked for. For losses of one value a
   * row, `rows` and the rows of these add up to those of the table.
   */
  readonly quarantined?: readonly QuarantinedRows[];
  readonly workers: number;
  /** Whose arithmetic it is: `wasm-simd` for each loss that has a kernel, `js` for all. */
  readonly engine: Engine;
}
