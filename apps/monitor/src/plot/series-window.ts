import type { SmoothedLine } from "./smoothed-lines.ts";

/** Names of the numbers kept of each pixel column, in the order in which they travel. */
export const COLUMN_FIELDS = [
  "column",
  "finite",
  "nonFinite",
  "broken",
  "low",
  "high",
  "first",
  "firstX",
  "min",
  "minX",
  "max",
  "maxX",
  "last",
  "lastX",
  "sum",
] as const;

/** One number of a pixel column. */
export type ColumnField = (typeof COLUMN_FIELDS)[number];

/**
 * A stretch of a series folded into pixel columns, those without points left out.
 *
 * `column` counts from 0 over `from .. to`; `finite` and `nonFinite` count the points behind it, `sum` is the exact sum
 * of the finite ones, `broken` is 1 where the line does not go on from the column before. `low` and `high` are its
 * smallest and largest x. Extremes, first and last stand with the x where they are; NaN where no point is finite.
 * Min, max, first and last draw a line without error (Jugel et al., M4, doi:10.14778/2732951.2732953).
 */
export type SeriesColumns = Readonly<Record<ColumnField, Float64Array>>;

/** What a chart draws of one series. */
export interface SeriesWindow {
  readonly columns: SeriesColumns;
  /** What a later segment of the run has written again, in the order of the log. */
  readonly superseded: SeriesColumns;
  /** Where smoothing was asked for. */
  readonly smoothed: SmoothedLine | null;
}

/** Makes columns of `length`, all 0. */
export function emptyColumns(length: number): Record<ColumnField, Float64Array> {
  const entries = COLUMN_FIELDS.map((field) => [field, new Float64Array(length)] as const);
  return Object.fromEntries(entries) as Record<ColumnField, Float64Array>;
}

/** Puts columns of several branches one after another; no line leads from one branch to the next. */
export function joinColumns(parts: readonly SeriesColumns[]): SeriesColumns {
  if (parts.length === 1) return parts[0]!;
  const joined = emptyColumns(parts.reduce((sum, { column }) => sum + column.length, 0));
  let at = 0;
  for (const part of parts) {
    for (const field of COLUMN_FIELDS) joined[field].set(part[field], at);
    if (at > 0 && part.column.length > 0) joined.broken[at] = 1;
    at += part.column.length;
  }
  return joined;
}
