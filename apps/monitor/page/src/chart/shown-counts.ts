import type { Picture, Range } from "./picture.ts";
import { isInView } from "./y-range.ts";

/** What a chart shows and what it cannot. */
export interface ShownCounts {
  /** Points behind the columns in view. */
  readonly points: number;
  readonly nonFinite: number;
  /** Extremes of columns that have no place on a logarithmic axis; they are marked at its lower edge. */
  readonly nonPositive: number;
  /** Extremes that the lines do not reach: those, and any that the columns lost on their way. */
  readonly hidden: number;
}

/**
 * Counts what a chart shows. Where all of a series is in view its columns are held against the figures that were
 * formed from every point, so that the count of hidden extremes is measured rather than promised.
 */
export function countShown(picture: Picture, view: Range, log: boolean): ShownCounts {
  let points = 0;
  let nonFinite = 0;
  let nonPositive = 0;
  let lost = 0;
  for (const line of picture.lines) {
    const { columns } = line.window;
    let own = 0;
    let min = Number.POSITIVE_INFINITY;
    let max = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < columns.column.length; i++) {
      if (!isInView(line, i, view)) continue;
      own += columns.finite[i]! + columns.nonFinite[i]!;
      nonFinite += columns.nonFinite[i]!;
      if (columns.min[i]! < min) min = columns.min[i]!;
      if (columns.max[i]! > max) max = columns.max[i]!;
      if (!log) continue;
      if (columns.min[i]! <= 0) nonPositive++;
      if (columns.max[i]! <= 0 && columns.max[i]! !== columns.min[i]!) nonPositive++;
    }
    points += own;
    const { metric } = line.of;
    // A series that has grown since is held against its figures with the next picture.
    if (own !== metric.count || metric.finite === 0) continue;
    if (min !== metric.min) lost++;
    if (max !== metric.max) lost++;
  }
  return { points, nonFinite, nonPositive, hidden: nonPositive + lost };
}
