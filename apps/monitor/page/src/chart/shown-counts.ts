import type { SeriesColumns } from "../../../src/plot/series-window.ts";
import { hasPlace, type YScale } from "../../../src/plot/y-scale.ts";
import type { Picture, Range } from "./picture.ts";
import { isInView } from "./y-range.ts";

/** What a chart shows and what it cannot. */
export interface ShownCounts {
  /** Points behind the columns in view. */
  readonly points: number;
  readonly nonFinite: number;
  /** Points that a later segment of their run has written again. */
  readonly superseded: number;
  /** Points at 0 or before it, which have no place on a logarithmic x axis. */
  readonly unplaced: number;
  /** Extremes of columns that have no place on a logarithmic axis; they are marked at its lower edge. */
  readonly nonPositive: number;
  /** Extremes that the lines do not reach: those, and any that the columns lost on their way. */
  readonly hidden: number;
}

/**
 * Counts what a chart shows. Where all of a series is in view its columns are held against the figures that were
 * formed from every point, so that the count of hidden extremes is measured rather than promised.
 */
export function countShown(picture: Picture, view: Range, scale: YScale): ShownCounts {
  const counts = { points: 0, nonFinite: 0, superseded: 0, unplaced: 0, nonPositive: 0 };
  let lost = 0;
  for (const { of, window } of picture.lines) {
    let min = Number.POSITIVE_INFINITY;
    let max = Number.NEGATIVE_INFINITY;
    const count = (columns: SeriesColumns): number => {
      let own = 0;
      for (let i = 0; i < columns.column.length; i++) {
        if (!isInView(columns, i, view)) continue;
        own += columns.finite[i]! + columns.nonFinite[i]!;
        counts.nonFinite += columns.nonFinite[i]!;
        if (columns.min[i]! < min) min = columns.min[i]!;
        if (columns.max[i]! > max) max = columns.max[i]!;
        if (Number.isNaN(columns.min[i]!)) continue;
        if (!hasPlace(scale, columns.min[i]!)) counts.nonPositive++;
        if (!hasPlace(scale, columns.max[i]!) && columns.max[i]! !== columns.min[i]!) counts.nonPositive++;
      }
      return own;
    };
    const left = count(window.superseded);
    const own = count(window.columns) + left;
    counts.points += own;
    counts.superseded += left;
    const { metric } = of;
    const from = metric.extents[picture.axis]?.[0] ?? 1;
    if (picture.logX && from <= 0 && view[0] <= picture.loaded[0]) counts.unplaced += metric.count - own;
    // A series that has grown since is held against its figures with the next picture.
    if (own !== metric.count || metric.finite === 0) continue;
    if (min !== metric.min) lost++;
    if (max !== metric.max) lost++;
  }
  return { ...counts, hidden: counts.nonPositive + lost };
}
