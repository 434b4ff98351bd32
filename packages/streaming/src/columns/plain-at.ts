import { ValueTable } from "../keys/value-table.ts";
import { idsFromColumn } from "../keys/ids-from-column.ts";
import type { Column } from "./column.ts";
import { columnRefusal, type Place } from "./place.ts";
import { sliceColumn } from "./slice-column.ts";
import { timesFromColumn } from "./times-from-column.ts";
import { holdsLists, vectorsFromColumn } from "./vectors-from-column.ts";

/** A value as people and JSON see it: integers past 2^53 are text, so are NaN, the infinities, dates and timestamps. */
export type PlainValue = string | number | boolean | null | readonly (string | number | null)[];

/**
 * Reads the value of one row; times of day and durations are milliseconds.
 * @throws LF_UNSUPPORTED_COLUMN for a type that has no plain value
 */
export function plainAt(column: Column, place: Place, row: number): PlainValue {
  if (column.kind === "unsupported") {
    throw columnRefusal(
      "LF_UNSUPPORTED_COLUMN",
      place,
      `it is of type ${column.type}, which cannot be shown.`,
    );
  }
  const one = sliceColumn(column, row, row + 1);
  if (one.kind === "time") {
    const { values, nulls } = timesFromColumn(one, place);
    if (nulls?.[0] === 1) return null;
    const milliseconds = values[0]! / 1000;
    const date = new Date(milliseconds);
    if (!/date|timestamp/i.test(one.type) || Number.isNaN(date.getTime())) return milliseconds;
    return one.unit === "day" ? date.toISOString().slice(0, 10) : date.toISOString();
  }
  if (holdsLists(one)) {
    const { size, values, rowNulls, elementNulls } = vectorsFromColumn(one, place, { falseIs: 0 });
    if (rowNulls?.[0] === 1) return null;
    return Array.from({ length: size }, (_, i) => {
      if (elementNulls?.[i] === 1) return null;
      return Number.isFinite(values[i]!) ? values[i]! : String(values[i]!);
    });
  }
  const table = new ValueTable();
  return table.keyAt(idsFromColumn(one, place, table)[0]!)?.v ?? null;
}
