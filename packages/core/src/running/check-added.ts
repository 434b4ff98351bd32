import { checkNames } from "../input/check-names.ts";
import { refuse } from "../input/refuse.ts";
import type { Numbers } from "../loss.ts";
import { checkRow } from "../state/check-row.ts";
import { isArrayOf } from "../sum/is-array-of.ts";
import { isCount } from "./cell-count.ts";

/** Options of LossTable.addArray. */
export interface AddToTableOptions {
  /** One a value, finite and not 0; 1 where not given. */
  readonly weights?: Numbers | undefined;
  /** The row of each value; where not given they follow the first. */
  readonly rows?: Numbers | undefined;
  /** The row of `values[0]`. Default: rows are not named. */
  readonly firstRow?: number | undefined;
}

/**
 * Looks through what is to be added to the cells `at` of a table before any of it is: column k has a loss or a part a row.
 * @returns it, and one more than the highest cell.
 * @throws LF_BAD_PARAMETER for cells that are none, a first row that is none and what is no option, LF_NOT_A_NUMBER for columns
 *   that are none, LF_COUNT, LF_LENGTH_MISMATCH for arrays of fewer than `count`, LF_WEIGHT_OUT_OF_RANGE.
 */
export function checkAdded(
  of: string,
  at: Int32Array,
  columns: readonly Float64Array[],
  count: number,
  options: AddToTableOptions | null | undefined,
): AddToTableOptions & { readonly firstRow: number; readonly end: number } {
  const given = options ?? {};
  checkNames(of, given, ["weights", "rows", "firstRow"]);
  const { firstRow = Infinity } = given;
  const weights = given.weights ?? undefined;
  const rows = given.rows ?? undefined;
  if (!isCount(count)) refuse("LF_COUNT", `count of ${of}`, count, "a whole number from 0");
  checkCells(at, count);
  for (const column of columns) {
    if (!isArrayOf("Float64Array", column)) refuse("LF_NOT_A_NUMBER", "losses", column, "a Float64Array");
    checkReach("losses", column, count);
  }
  checkReach("weights", weights, count);
  checkReach("rows", rows, count);
  checkRow(firstRow, 1);
  if (weights !== undefined) {
    for (let i = 0; i < count; i++) {
      const weight = weights[i]!;
      if ((Number.isFinite(weight) && weight !== 0) || at[i]! < 0) continue;
      const expected = "finite and not 0 (addLeftOut counts what is ignored)";
      const row = rows === undefined ? firstRow + i : rows[i]!;
      refuse("LF_WEIGHT_OUT_OF_RANGE", "weight", weight, expected, row);
    }
  }
  return { weights, rows, firstRow, end: highest(at, count) + 1 };
}

/** @throws LF_BAD_PARAMETER for cells that are no Int32Array, LF_LENGTH_MISMATCH where they are fewer than `count`. */
export function checkCells(at: Int32Array, count: number): void {
  if (!isArrayOf("Int32Array", at)) refuse("LF_BAD_PARAMETER", "cells", at, "an Int32Array");
  checkReach("cells", at, count);
}

/** The highest of the first `count` cells; -1 where all are left out. */
export function highest(at: Int32Array, count: number): number {
  let most = -1;
  for (let i = 0; i < count; i++) if (at[i]! > most) most = at[i]!;
  return most;
}

/** @throws LF_LENGTH_MISMATCH where there are fewer than `count`. */
function checkReach(name: string, numbers: ArrayLike<unknown> | undefined, count: number): void {
  if (numbers !== undefined && !(numbers.length >= count))
    refuse("LF_LENGTH_MISMATCH", `number of ${name}`, numbers.length, `at least ${count}`);
}
