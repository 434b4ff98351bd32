import type { Column } from "../columns/column.ts";
import { numbersFromColumn, type NumberReading } from "../columns/numbers-from-column.ts";
import type { Nulls } from "../columns/nulls-from-validity.ts";
import { refusal, type Place } from "../columns/place.ts";
import { OWN_ROOM } from "../columns/row-room.ts";
import { holdsLists, vectorsFromColumn } from "../columns/vectors-from-column.ts";

/** Predictions or targets of some rows, row after row. */
export interface Block {
  /** Numbers of one row: 0 for one plain value, else the length of its list; -1 where every row is null. */
  readonly size: number;
  readonly values: Float32Array | Float64Array;
  /** One byte a row. */
  readonly rowNulls: Nulls;
  /** One byte a number; null for plain values, whose nulls are those of their rows. */
  readonly elementNulls: Nulls;
}

/** Reads a role that is played by one column, plain or of lists, or by several columns that make one list. */
export function blockFromColumns(
  columns: readonly Column[],
  places: readonly Place[],
  rows: number,
  reading: NumberReading,
): Block {
  const room = reading.room ?? OWN_ROOM;
  if (columns.length > 1) return blockFromSeveral(columns, places, rows, reading);
  const column = columns[0]!;
  const place = places[0]!;
  if (isAllNull(column)) {
    return {
      size: -1,
      values: new Float64Array(0),
      rowNulls: room.bytes(rows).fill(1),
      elementNulls: null,
    };
  }
  if (holdsLists(column)) {
    const { size, values, rowNulls, elementNulls } = vectorsFromColumn(column, place, reading);
    const known = rowNulls === null ? rows > 0 : rowNulls.includes(0);
    if (known && size === 0) throw refusal("LF_SHAPE", place, 0, "its lists are empty.");
    return { size: known ? size : -1, values, rowNulls, elementNulls };
  }
  const { values, nulls } = numbersFromColumn(column, place, reading);
  return { size: rows === 0 ? -1 : 0, values, rowNulls: nulls, elementNulls: null };
}

function blockFromSeveral(
  columns: readonly Column[],
  places: readonly Place[],
  rows: number,
  reading: NumberReading,
): Block {
  const size = columns.length;
  const room = reading.room ?? OWN_ROOM;
  const parts = columns.map((column, j) => numbersFromColumn(column, places[j]!, reading));
  const values = parts.every((part) => part.values instanceof Float32Array)
    ? room.floats(rows * size)
    : room.doubles(rows * size);
  let elementNulls: Uint8Array | null = null;
  for (const [j, part] of parts.entries()) {
    for (let i = 0; i < rows; i++) values[i * size + j] = part.values[i]!;
    if (part.nulls !== null) {
      elementNulls ??= room.bytes(rows * size);
      for (let i = 0; i < rows; i++) elementNulls[i * size + j] = part.nulls[i]!;
    }
  }
  return { size, values, rowNulls: null, elementNulls };
}

/** Decoded values tell lists from plain values only where there is one that is not null. */
function isAllNull(column: Column): boolean {
  if (column.kind === "null") return true;
  if (column.kind !== "values") return false;
  for (let i = 0; i < column.values.length; i++) {
    if (column.values[i] !== null && column.values[i] !== undefined) return false;
  }
  return true;
}
