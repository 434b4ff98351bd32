import { isLossflowError, LossflowError, RunningLoss, type Loss } from "@lossflow/core";
import type { Column } from "../columns/column.ts";
import type { Place } from "../columns/place.ts";
import { cellOf, noteSize, type Cell, type FoldState, type LossFold } from "./fold-state.ts";
import { firstRefusal, placedRefusal } from "./placed-refusal.ts";
import type { CompiledPlan } from "./plan.ts";
import { SegmentReader } from "./segment-reader.ts";
import { mergeTop, topOfLosses } from "./top.ts";
import { IGNORED, KEPT, MISSING, unitsFromSegment, type Units } from "./units.ts";

/**
 * Adds the rows of one segment to the state of a job.
 *
 * Where several losses refuse rows of it, the refusal of the earliest row is thrown, of one row that of the loss named
 * first, so that what is reported does not depend on how the rows were cut into segments.
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
  const buckets: Buckets[] = [];
  const windows = plan.window === null ? null : windowsOfRows(rows, place.firstRow, plan.window);
  const errors: unknown[] = [];
  for (const [i, loss] of plan.losses.entries()) {
    try {
      const mine = fold[i]!;
      const units = unitsFromSegment(loss, reader, plan.scratch);
      noteSize(mine, units.size, place.firstRow);
      const evaluated = evaluate(loss, units, reader, plan);
      if (plan.nan === "throw" && evaluated.parts !== null) refuseNonFinite(evaluated, units.count);
      const empty = (): Cell["state"] => plan.emptyState(loss);
      buckets.length = 0;
      if (groups !== null) {
        buckets.push({
          codes: groups.codes,
          cell: (code) => cellOf(mine.groups, groups.names[code]!, empty),
        });
      }
      if (windows !== null) {
        buckets.push({
          codes: windows.codes,
          cell: (code) => cellOf(mine.windows, windows.first + code, empty),
        });
      }
      addToCell(mine.total, units, evaluated);
      for (const bucket of buckets) addToBuckets(bucket, units, evaluated);
      if (plan.top !== null) addToTop(mine, units, evaluated, plan.top);
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw firstRefusal(errors);
}

/** The losses of the kept units, or their parts for a loss that depends on the whole; and the row of each. */
interface Evaluated {
  readonly losses: Float64Array;
  readonly parts: readonly Float64Array[] | null;
  /** Absent where the units are the rows from `firstRow` on. */
  readonly rowOf: Float64Array | null;
  readonly firstRow: number;
}

function evaluate(loss: Loss, units: Units, reader: SegmentReader, plan: CompiledPlan): Evaluated {
  const { count, kept, perRow } = units;
  const { firstRow } = reader;
  const losses = plan.scratch.take("losses", count);
  const parts = loss.whole?.parts.map((part) => plan.scratch.take(`part ${part.name}`, count)) ?? null;
  const error = earliestRefusal(loss, units, count, losses, parts);
  if (error !== undefined) throw placedRefusal(error, units, reader);
  if (kept === null && perRow === 1) return { losses, parts, rowOf: null, firstRow };
  const rowOf = plan.scratch.take("rows", count);
  for (let i = 0; i < count; i++) rowOf[i] = firstRow + Math.floor((kept === null ? i : kept[i]!) / perRow);
  return { losses, parts, rowOf, firstRow };
}

/**
 * Evaluates the first `count` units and gives what was refused of them, if anything. A loss may check one column after
 * the other, so what stands before a refused unit is tried again: the earliest refusal must not depend on the chunk.
 */
function earliestRefusal(
  loss: Loss,
  units: Units,
  count: number,
  losses: Float64Array,
  parts: readonly Float64Array[] | null,
): unknown {
  const { classes, prediction, target, variance } = units;
  const columns = {
    prediction,
    target,
    rows: count,
    classes,
    ...(variance === undefined ? {} : { variance }),
  };
  try {
    if (parts === null) loss.unreduced(columns, losses);
    else loss.whole!.evaluate(columns, parts);
    return undefined;
  } catch (error) {
    const row = isLossflowError(error) ? (error.row ?? 0) : 0;
    if (row === 0 || row >= count) return error;
    return earliestRefusal(loss, units, row, losses, parts) ?? error;
  }
}

/** Parts are refused here, by the row of the table; plain losses are refused by their running state. */
function refuseNonFinite({ parts, rowOf, firstRow }: Evaluated, count: number): void {
  for (let i = 0; i < count; i++) {
    if (parts!.every((part) => Number.isFinite(part[i]))) continue;
    const row = rowOf === null ? firstRow + i : rowOf[i]!;
    throw new LossflowError(
      "LF_NON_FINITE",
      `The loss of row ${row} is not finite: mend that row, or choose another policy for NaN than throw.`,
      { row },
    );
  }
}

function addToCell(cell: Cell, units: Units, { losses, parts, rowOf, firstRow }: Evaluated): void {
  const { count, fate, nullRows, weights } = units;
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
  const options = {
    ...(weights === undefined ? {} : { weights }),
    ...(rowOf === null ? { firstRow } : { rows: rowOf }),
  };
  if (parts === null) RunningLoss.addArray(cell.state, losses, options);
  else RunningLoss.addParts(cell.state, parts, count, weights === undefined ? {} : { weights });
}

/** A way of sorting rows into cells: the code of each row, and the cell of each code. */
interface Buckets {
  readonly codes: Int32Array;
  readonly cell: (code: number) => Cell;
}

/** Adds each row to the cell of its code: kept units are brought together by code, then added as arrays. */
function addToBuckets(
  { codes, cell }: Buckets,
  units: Units,
  { losses, parts, rowOf, firstRow }: Evaluated,
): void {
  const { count, fate, kept, nullRows, perRow, weights } = units;
  let most = 0;
  for (const code of codes) if (code > most) most = code;
  const starts = new Int32Array(most + 2);
  const missing = new Int32Array(most + 1);
  const ignored = new Int32Array(most + 1);
  const nulls = new Int32Array(most + 1);
  const codeOf = (i: number): number => codes[Math.floor((kept === null ? i : kept[i]!) / perRow)]!;
  for (let i = 0; i < count; i++) starts[codeOf(i) + 1]!++;
  for (let code = 0; code <= most; code++) starts[code + 1]! += starts[code]!;
  if (fate !== null) {
    for (let u = 0; u < fate.length; u++) {
      if (fate[u] === KEPT) continue;
      const code = codes[Math.floor(u / perRow)]!;
      if (fate[u] === MISSING) missing[code]!++;
      else if (fate[u] === IGNORED) ignored[code]!++;
    }
  }
  if (nullRows !== null) for (let r = 0; r < codes.length; r++) nulls[codes[r]!]! += nullRows[r]!;

  const next = starts.slice(0, most + 1);
  const sortedLosses = new Float64Array(parts === null ? count : 0);
  const sortedParts = parts?.map(() => new Float64Array(count)) ?? null;
  const sortedWeights = weights === undefined ? undefined : new Float64Array(count);
  const sortedRows = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const at = next[codeOf(i)]!++;
    if (parts === null) sortedLosses[at] = losses[i]!;
    else for (let k = 0; k < parts.length; k++) sortedParts![k]![at] = parts[k]![i]!;
    if (sortedWeights !== undefined) sortedWeights[at] = weights![i]!;
    sortedRows[at] = rowOf === null ? firstRow + i : rowOf[i]!;
  }
  const seen = new Uint8Array(most + 1);
  for (const code of codes) seen[code] = 1;
  for (let code = 0; code <= most; code++) {
    if (seen[code] === 0) continue;
    const start = starts[code]!;
    const end = starts[code + 1]!;
    const into = cell(code);
    RunningLoss.addMissing(into.state, missing[code]!);
    RunningLoss.addIgnored(into.state, ignored[code]!);
    into.nullRows += nulls[code]!;
    const someWeights = sortedWeights === undefined ? {} : { weights: sortedWeights.subarray(start, end) };
    const rows = sortedRows.subarray(start, end);
    if (sortedParts === null) {
      RunningLoss.addArray(into.state, sortedLosses.subarray(start, end), { ...someWeights, rows });
    } else {
      const some = sortedParts.map((part) => part.subarray(start, end));
      RunningLoss.addParts(into.state, some, end - start, someWeights);
    }
  }
}

function windowsOfRows(rows: number, firstRow: number, width: number): { codes: Int32Array; first: number } {
  const first = Math.floor(firstRow / width);
  const codes = new Int32Array(rows);
  for (let i = 0; i < rows; i++) codes[i] = Math.floor((firstRow + i) / width) - first;
  return { codes, first };
}

function addToTop(fold: LossFold, units: Units, { losses, rowOf, firstRow }: Evaluated, most: number): void {
  const found = topOfLosses(
    losses.subarray(0, units.count),
    (i) => (rowOf === null ? firstRow + i : rowOf[i]!),
    most,
  );
  fold.top = mergeTop(fold.top, found, most);
}
