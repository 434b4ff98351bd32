import { LossflowError, RunningLoss, type RunningLossOptions, type RunningLossState } from "@lossflow/core";
import { LossTable } from "@lossflow/core/running";
import type { Measure } from "../metrics/metric.ts";
import { KeyTable } from "../keys/key-table.ts";
import { PackedTable, type TableRoom } from "./packed-table.ts";
import { SketchRoom } from "./sketch-room.ts";
import { SketchTable } from "./sketch-table.ts";
import { mergeTop, type TopLoss } from "./top.ts";
import { WindowTable, type WindowCut } from "./window-table.ts";

/** The running state of some rows, and how many of them were null as a whole. */
export interface Cell {
  readonly state: RunningLossState;
  /** Rows whose target or prediction is null: one missing loss each, or as many as a row has elements. */
  nullRows: number;
}

/** How long rows are. */
export interface RowLength {
  /** Length of the rows' lists; 0 for one value a row, -1 while no row has shown it. */
  size: number;
  /** The first row that showed it. */
  sizeRow: number;
}

/** What has been seen of one loss. */
export interface LossFold extends RowLength {
  total: Cell;
  /** The losses of each group, by its number among the job's groups. */
  readonly groups: LossTable;
  /** The losses of each cell of the job's windows. */
  readonly windows: LossTable;
  /** The highest losses, highest first. */
  top: readonly TopLoss[];
  /** The sketches of all rows (cell 0), of groups and of cells of windows; null where no quantiles are asked for. */
  readonly sketches: {
    readonly total: SketchTable;
    readonly groups: SketchTable;
    readonly windows: SketchTable;
  } | null;
}

/** The state of a job over consecutive rows. */
export interface FoldState {
  /** The keys of the groups, which all losses share; null where rows are not grouped. */
  readonly groups: KeyTable | null;
  readonly windows: WindowTable | null;
  readonly losses: readonly LossFold[];
}

/** What is merged into a state: another, or one as it was written. */
export interface FoldPart extends Pick<FoldState, "groups" | "windows"> {
  readonly losses: readonly LossPart[];
}

type LossPart = Omit<LossFold, "groups" | "windows"> & {
  readonly groups: LossTable | PackedTable | null;
  readonly windows: LossTable | PackedTable | null;
};

/** What states need to know of a job. */
export interface FoldShape {
  readonly losses: readonly Measure[];
  /** Columns that rows are grouped by. */
  readonly by: readonly unknown[];
  readonly windowCut: WindowCut | null;
  readonly top: number | null;
  readonly quantiles: boolean;
  readonly stateOptions: (loss: Measure) => RunningLossOptions;
  readonly tableRoom: TableRoom;
}

/** Makes the state of no rows. */
export function createFold(shape: FoldShape): FoldState {
  const room = new SketchRoom();
  return {
    groups: shape.by.length === 0 ? null : KeyTable.ofWidth(shape.by.length),
    windows: shape.windowCut === null ? null : new WindowTable(shape.windowCut),
    losses: shape.losses.map((loss) => {
      const options = shape.stateOptions(loss);
      return {
        size: -1,
        sizeRow: Infinity,
        total: { state: RunningLoss.create(options), nullRows: 0 },
        groups: new LossTable(options),
        windows: new LossTable(options),
        top: [],
        sketches: shape.quantiles
          ? { total: new SketchTable(room), groups: new SketchTable(room), windows: new SketchTable(room) }
          : null,
      };
    }),
  };
}

/** Makes a state that of no rows again, in the memory that its tables have. */
export function clearFold(fold: FoldState, shape: FoldShape): void {
  fold.groups?.clear();
  fold.windows?.clear();
  for (const [i, loss] of fold.losses.entries()) {
    loss.size = -1;
    loss.sizeRow = Infinity;
    loss.total = { state: RunningLoss.create(shape.stateOptions(shape.losses[i]!)), nullRows: 0 };
    loss.groups.clear();
    loss.windows.clear();
    loss.top = [];
    if (loss.sketches !== null) for (const table of Object.values(loss.sketches)) table.clear();
  }
}

/**
 * Adds what `from` saw to `into`; `from` is left as it is. States merge in any order to the same figures, except that
 * where windows close for late rows `from` must be of the rows that follow those of `into`.
 * @throws LF_SHAPE where their rows are of different lengths.
 */
export function mergeFold(into: FoldState, from: FoldPart, shape: FoldShape): void {
  const groups = from.groups === null ? null : into.groups!.idsIn(from.groups);
  const windows = from.windows === null ? null : into.windows!.append(from.windows);
  for (const [i, mine] of into.losses.entries()) {
    const other = from.losses[i]!;
    noteSize(mine, other.size, other.sizeRow);
    RunningLoss.merge(mine.total.state, other.total.state);
    mine.total.nullRows += other.total.nullRows;
    if (groups !== null) mergeTable(mine.groups, other.groups!, groups);
    if (windows !== null) mergeTable(mine.windows, other.windows!, windows);
    if (mine.sketches !== null) {
      const theirs = other.sketches!;
      mine.sketches.total.merge(theirs.total, null);
      if (groups !== null) mine.sketches.groups.merge(theirs.groups, groups);
      if (windows !== null) mine.sketches.windows.merge(theirs.windows, windows);
    }
    if (shape.top !== null) mine.top = mergeTop(mine.top, other.top, shape.top);
  }
}

function mergeTable(into: LossTable, from: LossTable | PackedTable, at: Int32Array): void {
  if (from instanceof PackedTable) from.mergeInto(into, at);
  else into.merge(from, at);
}

/** Takes note of how long rows are. @throws LF_SHAPE where that differs from what was seen. */
export function noteSize(fold: RowLength, size: number, row: number): void {
  if (size === -1) return;
  if (fold.size !== -1 && fold.size !== size) {
    const said = (value: number): string => (value === 0 ? "one value" : `a list of ${value}`);
    throw new LossflowError(
      "LF_SHAPE",
      `Row ${Math.max(row, fold.sizeRow)} holds ${said(row > fold.sizeRow ? size : fold.size)} and row ` +
        `${Math.min(row, fold.sizeRow)} ${said(row > fold.sizeRow ? fold.size : size)}; all rows must be as long.`,
      { row: Math.max(row, fold.sizeRow) },
    );
  }
  fold.size = size;
  fold.sizeRow = Math.min(fold.sizeRow, row);
}
