import { isCount } from "./cell-count.ts";

/** Numbers a cell: its finite losses, their minimum and the row it came from, their maximum and its row. */
export const CELL = 5;

/** Adds the losses of cell `theirs` of `others` to cell `own` of `cells`. */
export function mergeExtremes(cells: Float64Array, own: number, others: Float64Array, theirs: number): void {
  const from = CELL * theirs;
  const count = others[from]!;
  if (count === 0) return;
  const to = CELL * own;
  const before = cells[to]!;
  cells[to] = before + count;
  const [min, max] = [others[from + 1]!, others[from + 3]!];
  if (
    before === 0 ||
    min < cells[to + 1]! ||
    (min === cells[to + 1]! && others[from + 2]! < cells[to + 2]!)
  ) {
    cells[to + 1] = min;
    cells[to + 2] = others[from + 2]!;
  }
  if (
    before === 0 ||
    max > cells[to + 3]! ||
    (max === cells[to + 3]! && others[from + 4]! < cells[to + 4]!)
  ) {
    cells[to + 3] = max;
    cells[to + 4] = others[from + 4]!;
  }
}

/** Whether each cell holds what adding losses could have made of it. */
export function areExtremes(cells: Float64Array): boolean {
  for (let at = 0; at < cells.length; at += CELL) {
    const [min, minRow, max, maxRow] = [cells[at + 1]!, cells[at + 2]!, cells[at + 3]!, cells[at + 4]!];
    const isOrdered = min <= max && min > -Infinity && max < Infinity && minRow >= 0 && maxRow >= 0;
    if (!isCount(cells[at]!) || !isOrdered) return false;
  }
  return true;
}
