import { RunningLoss } from "@lossflow/core";
import type { LossTable } from "@lossflow/core/running";
import type { Column } from "../columns/column.ts";
import { isLoss } from "../metrics/metric.ts";
import type { Place } from "../columns/place.ts";
import { addByKernel } from "./add-by-kernel.ts";
import { addToTable } from "./add-to-table.ts";
import type { CellSums } from "./cell-sums.ts";
import { evaluateUnits, type Evaluated } from "./evaluate-units.ts";
import { noteSize, type Cell, type FoldState, type LossFold } from "./fold-state.ts";
import type { CellsOf, TaskSums } from "./task-sums.ts";
import { firstRefusal } from "./placed-refusal.ts";
import type { CompiledPlan } from "./plan.ts";
import { SegmentReader } from "./segment-reader.ts";
import { mergeTop, topOfLosses } from "./top.ts";
import { IGNORED, MISSING } from "./keep-units.ts";
import { unitsFromSegment, type Units } from "./units.ts";

/**
 * Adds the rows of one segment to the state of a job.
 *
 * Where several losses refuse rows of it, the refusal of the earliest row is thrown, of one row that of the loss named
 * first.
 * @param sums where what is added is kept until the task is done.
 * @throws LF_* with the row, counted over all sources, and the column; the state may then hold part of the segment.
 */
export function foldSegment(
  plan: CompiledPlan,
  fold: FoldState,
  columns: readonly Column[],
  rows: number,
  place: Omit<Place, "column">,
  sums: TaskSums | null = null,
): void {
  if (rows === 0) return;
  const reader = new SegmentReader(plan, columns, rows, place);
  const groups = fold.groups === null ? null : reader.groups(fold.groups);
  const windows = fold.windows === null ? null : reader.windows(fold.windows);
  const totalAlone = groups === null && windows === null && plan.top === null && !plan.quantiles;
  const errors: unknown[] = [];
  for (const [i, loss] of plan.losses.entries()) {
    try {
      const mine = fold.losses[i]!;
      const own = reader.withRoles(plan.roles[i] ?? plan);
      const units = unitsFromSegment(loss, own, plan);
      noteSize(mine, units.size, place.firstRow + units.sizeRow);
      if (
        totalAlone &&
        isLoss(loss) &&
        addByKernel(loss, units, place.firstRow, plan, mine.total.state, sums)
      ) {
        addLeftOut(mine.total, units);
        continue;
      }
      const evaluated = evaluateUnits(loss, units, own, plan);
      addLeftOut(mine.total, units);
      const keeping = evaluated.parts === null && units.weights === undefined ? sums : null;
      const keptBy = (of: CellsOf, cellCount: number): CellSums | null =>
        cellCount > (plan.quantiles ? MOST_SKETCHED_CELLS : MOST_FEW_CELLS)
          ? null
          : (keeping?.ofCells(i, of) ?? null);
      const groupCount = fold.groups?.length ?? 0;
      const windowCount = fold.windows?.length ?? 0;
      const ofGroups = groups === null ? null : keptBy("groups", groupCount);
      // Sums of all groups are those of all rows.
      const total = ofGroups === null ? null : mine.total.state;
      if (total === null) addEvaluated(mine.total, units, evaluated);
      // What depends on the whole has no loss a row.
      const sketches = evaluated.parts === null ? mine.sketches : null;
      sketches?.total.addArray(null, evaluated.losses, units.count);
      if (groups !== null) {
        makeRoom(mine.groups, fold.groups!.length);
        addToTable(
          { table: mine.groups, sums: ofGroups, cellCount: groupCount, total, sketches: sketches?.groups },
          groups,
          units,
          evaluated,
          plan.room,
        );
      }
      if (windows !== null) {
        const ofWindows = keptBy("windows", windowCount);
        addToTable(
          {
            table: mine.windows,
            sums: ofWindows,
            cellCount: windowCount,
            total: null,
            sketches: sketches?.windows,
          },
          windows,
          units,
          evaluated,
          plan.room,
        );
      }
      if (plan.top !== null && evaluated.parts === null) addToTop(mine, units, evaluated, plan.top, reader);
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw firstRefusal(errors);
}

/** Of more cells each has few rows, and handing its sums on costs as much as adding some. */
const MOST_FEW_CELLS = 2 ** 16;
/** The same where tasks are short for the sake of memory: sums besides those of the tables take 100 bytes a cell in each worker. */
const MOST_SKETCHED_CELLS = 2 ** 12;

/**
 * Makes room in an empty table for about as many cells, so that it need not grow with the next segment, which as a rule brings a few
 * more: arrays that are outgrown stay in memory for long, since nothing else in a worker has V8 look for them.
 */
function makeRoom(table: LossTable, cells: number): void {
  if (table.length > 0) return;
  table.extend(Math.ceil(1.125 * cells));
  table.clear();
}

/** Counts what is missing and ignored. */
function addLeftOut(cell: Cell, { fate, nullRows }: Units): void {
  if (fate !== null) {
    let missing = 0;
    let ignored = 0;
    // By index and without branches, which masks would defeat: either takes longer than the loss.
    for (let u = 0; u < fate.length; u++) {
      missing += Number(fate[u] === MISSING);
      ignored += Number(fate[u] === IGNORED);
    }
    RunningLoss.addMissing(cell.state, missing);
    RunningLoss.addIgnored(cell.state, ignored);
  }
  if (nullRows !== null) for (let r = 0; r < nullRows.length; r++) cell.nullRows += nullRows[r]!;
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

function addToTop(
  fold: LossFold,
  units: Units,
  { losses, rowOf, firstRow }: Evaluated,
  most: number,
  reader: SegmentReader,
): void {
  const found = topOfLosses(
    losses.subarray(0, units.count),
    (i) => (rowOf === null ? firstRow + i : rowOf[i]!),
    most,
    fold.top.length === most ? fold.top.at(-1)?.loss : undefined,
  );
  // Only what is among the highest so far has its columns read.
  fold.top = mergeTop(fold.top, found, most).map((one) =>
    one.shown === undefined ? Object.assign({ shown: reader.shown(one.row - firstRow) }, one) : one,
  );
}
