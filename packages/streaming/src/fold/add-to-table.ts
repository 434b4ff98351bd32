import { RunningLoss, type RunningLossState } from "@lossflow/core";
import type { LossTable } from "@lossflow/core/running";
import type { RowRoom } from "../columns/row-room.ts";
import type { CellSums } from "./cell-sums.ts";
import type { Evaluated } from "./evaluate-units.ts";
import type { SketchTable } from "./sketch-table.ts";
import { IGNORED, KEPT, MISSING } from "./keep-units.ts";
import type { Units } from "./units.ts";

/** Where the cells of a loss are kept. */
interface CellsOfLoss {
  readonly table: LossTable;
  /** Where finite losses are kept until the task is done; null where they are added to the table at once. */
  readonly sums: CellSums | null;
  readonly cellCount: number;
  /** The running loss of all rows, where `sums` are to be handed on to it too. */
  readonly total: RunningLossState | null;
  readonly sketches: SketchTable | undefined;
}

/**
 * Adds each row to its cell: `cells` holds the cell of each row, -1 for none.
 * @throws LF_NON_FINITE under the policy `throw`; part of the rows may have been added.
 */
export function addToTable(
  { table, sums, cellCount, total, sketches }: CellsOfLoss,
  cells: Int32Array,
  units: Units,
  evaluated: Evaluated,
  room: RowRoom,
): void {
  const { count, fate, nullRows, perRow, weights } = units;
  const { losses, parts, rowOf, firstRow } = evaluated;
  if (fate !== null) {
    for (let u = 0; u < fate.length; u++) {
      if (fate[u] === KEPT) continue;
      const cell = cells[perRow === 1 ? u : Math.floor(u / perRow)]!;
      if (fate[u] === MISSING) table.addLeftOut(cell, "missing", 1);
      else if (fate[u] === IGNORED) table.addLeftOut(cell, "ignored", 1);
    }
  }
  if (nullRows !== null) {
    for (let r = 0; r < cells.length; r++) table.addLeftOut(cells[r]!, "missingRows", nullRows[r]!);
  }
  const at = cellsOfUnits(cells, units, room);
  const options = { weights, ...(rowOf === null ? { firstRow } : { rows: rowOf }) };
  if (parts === null && sums !== null) {
    const odd: number[] = [];
    sums.add({ at, cellCount, losses, count, rows: rowOf, firstRow }, (i) => odd.push(i));
    addNonFinite(table, total, odd, at, evaluated, room);
  } else if (parts === null) table.addArray(at, losses, count, options);
  else table.addParts(at, parts, count, options);
  sketches?.addArray(at, losses, count);
}

/** Adds the losses at some places, none of them finite, to their cells, and to the running loss of all rows where it is given. */
function addNonFinite(
  table: LossTable,
  total: RunningLossState | null,
  places: readonly number[],
  cells: Int32Array,
  { losses, rowOf, firstRow }: Evaluated,
  room: RowRoom,
): void {
  const { length } = places;
  if (length === 0) return;
  const [own, rows, at] = [room.doubles(length), room.doubles(length), room.ints(length)];
  for (const [k, i] of places.entries()) {
    own[k] = losses[i]!;
    rows[k] = rowOf === null ? firstRow + i : rowOf[i]!;
    at[k] = cells[i]!;
  }
  if (total !== null) RunningLoss.addArray(total, own, { rows });
  table.addArray(at, own, length, { rows });
}

function cellsOfUnits(cells: Int32Array, { count, kept, perRow }: Units, room: RowRoom): Int32Array {
  if (kept === null && perRow === 1) return cells;
  const at = room.ints(count);
  for (let i = 0; i < count; i++) {
    const unit = kept === null ? i : kept[i]!;
    at[i] = cells[perRow === 1 ? unit : Math.floor(unit / perRow)]!;
  }
  return at;
}
