import { RunningLoss } from "@lossflow/core";
import type { Column } from "../columns/column.ts";
import type { Place } from "../columns/place.ts";
import { addByKernel } from "./add-by-kernel.ts";
import { addToBuckets } from "./add-to-buckets.ts";
import { evaluateUnits, type Evaluated } from "./evaluate-units.ts";
import { cellOf, noteSize, type Cell, type FoldState, type LossFold } from "./fold-state.ts";
import { firstRefusal } from "./placed-refusal.ts";
import type { CompiledPlan } from "./plan.ts";
import { SegmentReader } from "./segment-reader.ts";
import { mergeTop, topOfLosses } from "./top.ts";
import { IGNORED, MISSING, unitsFromSegment, type Units } from "./units.ts";

/**
 * Adds the rows of one segment to the state of a job.
 *
 * Where several losses refuse rows of it, the refusal of the earliest row is thrown, of one row that of the loss named
 * first.
 * @throws LF_* with the row, counted over all sources, and the column; the state may then hold part of the segment.
 */
export function foldSegment(
  plan: CompiledPlan,
  fold: FoldState,
  columns: readonly Column[],
  rows: number,
  place: Omit<Place, "column">,
): void {
  if (rows === 0) return;
  const reader = new SegmentReader(plan, columns, rows, place);
  const groups = reader.groups();
  const windows = plan.window === null ? null : windowsOfRows(rows, place.firstRow, plan.window);
  const totalAlone = groups === null && windows === null && plan.top === null;
  const errors: unknown[] = [];
  for (const [i, loss] of plan.losses.entries()) {
    try {
      const mine = fold[i]!;
      const units = unitsFromSegment(loss, reader, plan.scratch);
      noteSize(mine, units.size, place.firstRow + units.sizeRow);
      if (totalAlone && addByKernel(loss, units, place.firstRow, plan, mine.total.state)) {
        addLeftOut(mine.total, units);
        continue;
      }
      const evaluated = evaluateUnits(loss, units, reader, plan);
      const empty = (): Cell["state"] => plan.emptyState(loss);
      addLeftOut(mine.total, units);
      addEvaluated(mine.total, units, evaluated);
      if (groups !== null) {
        const { codes, names } = groups;
        const cell = (code: number): Cell => cellOf(mine.groups, names[code]!, empty);
        addToBuckets({ codes, size: names.length, cell }, units, evaluated);
      }
      if (windows !== null) {
        const { codes, size, first } = windows;
        const cell = (code: number): Cell => cellOf(mine.windows, first + code, empty);
        addToBuckets({ codes, size, cell }, units, evaluated);
      }
      if (plan.top !== null) addToTop(mine, units, evaluated, plan.top);
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw firstRefusal(errors);
}

/** Counts what is missing and ignored. */
function addLeftOut(cell: Cell, { fate, nullRows }: Units): void {
  if (fate !== null) {
    let missing = 0;
    let ignored = 0;
    for (const one of fate) {
      if (one === MISSING) missing++;
      else if (one === IGNORED) ignored++;
    }
    RunningLoss.addMissing(cell.state, missing);
    RunningLoss.addIgnored(cell.state, ignored);
  }
  if (nullRows !== null) for (const one of nullRows) cell.nullRows += one;
}

function addEvaluated(
  cell: Cell,
  { count, weights }: Units,
  { losses, parts, rowOf, firstRow }: Evaluated,
): void {
  const options = {
    ...(weights === undefined ? {} : { weights }),
    ...(rowOf === null ? { firstRow } : { rows: rowOf }),
  };
  if (parts === null) RunningLoss.addArray(cell.state, losses, options);
  else RunningLoss.addParts(cell.state, parts, count, weights === undefined ? {} : { weights });
}

/** The window of each row, counted from the first that these rows lie in. */
function windowsOfRows(
  rows: number,
  firstRow: number,
  width: number,
): { codes: Int32Array; size: number; first: number } {
  const first = Math.floor(firstRow / width);
  const codes = new Int32Array(rows);
  for (let i = 0; i < rows; i++) codes[i] = Math.floor((firstRow + i) / width) - first;
  return { codes, size: codes[rows - 1]! + 1, first };
}

function addToTop(fold: LossFold, units: Units, { losses, rowOf, firstRow }: Evaluated, most: number): void {
  const found = topOfLosses(
    losses.subarray(0, units.count),
    (i) => (rowOf === null ? firstRow + i : rowOf[i]!),
    most,
  );
  fold.top = mergeTop(fold.top, found, most);
}
