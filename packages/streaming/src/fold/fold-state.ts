import { LossflowError, RunningLoss, type Loss, type RunningLossState } from "@lossflow/core";
import { mergeTop, type TopLoss } from "./top.ts";

/** The running state of some rows, and how many of them were null as a whole. */
export interface Cell {
  readonly state: RunningLossState;
  /** Rows whose target or prediction is null: one missing loss each, or as many as a row has elements. */
  nullRows: number;
}

/** What has been seen of one loss. */
export interface LossFold {
  /** Length of the rows' lists; 0 for one value a row, -1 while no row has shown it. */
  size: number;
  /** The first row that showed it. */
  sizeRow: number;
  total: Cell;
  /** By the JSON of a group's keys. */
  readonly groups: Map<string, Cell>;
  /** By the window's number from 0. */
  readonly windows: Map<number, Cell>;
  /** The highest losses, highest first. */
  top: readonly TopLoss[];
}

/** The state of a whole job, one fold a loss. Partial states merge in any order to the same state. */
export type FoldState = readonly LossFold[];

/** What states need to know of a job. */
export interface FoldShape {
  readonly losses: readonly Loss[];
  readonly top: number | null;
  readonly emptyState: (loss: Loss) => RunningLossState;
}

/** Makes the state of no rows. */
export function createFold(shape: FoldShape): FoldState {
  return shape.losses.map((loss) => ({
    size: -1,
    sizeRow: Infinity,
    total: { state: shape.emptyState(loss), nullRows: 0 },
    groups: new Map<string, Cell>(),
    windows: new Map<number, Cell>(),
    top: [],
  }));
}

/** Finds the cell of a key, made where it is not there yet. */
export function cellOf<K>(cells: Map<K, Cell>, key: K, make: () => RunningLossState): Cell {
  let cell = cells.get(key);
  if (cell === undefined) {
    cell = { state: make(), nullRows: 0 };
    cells.set(key, cell);
  }
  return cell;
}

/** Adds what `from` saw to `into`; `from` is left as it is. @throws LF_SHAPE where their rows are of different lengths. */
export function mergeFold(into: FoldState, from: FoldState, shape: FoldShape): void {
  for (const [i, loss] of shape.losses.entries()) {
    const mine = into[i]!;
    const other = from[i]!;
    noteSize(mine, other.size, other.sizeRow);
    mergeCell(mine.total, other.total);
    const empty = (): RunningLossState => shape.emptyState(loss);
    for (const [key, cell] of other.groups) mergeCell(cellOf(mine.groups, key, empty), cell);
    for (const [index, cell] of other.windows) mergeCell(cellOf(mine.windows, index, empty), cell);
    if (shape.top !== null) mine.top = mergeTop(mine.top, other.top, shape.top);
  }
}

/** Takes note of how long rows are. @throws LF_SHAPE where that differs from what was seen. */
export function noteSize(fold: LossFold, size: number, row: number): void {
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

function mergeCell(into: Cell, from: Cell): void {
  RunningLoss.merge(into.state, from.state);
  into.nullRows += from.nullRows;
}
