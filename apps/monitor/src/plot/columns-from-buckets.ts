import type { Pyramid } from "@lossflow/series";
import { emptyColumns, type SeriesColumns } from "./series-window.ts";

/** Which columns to fold a pyramid into, and how its x become places of the axis that is looked at. */
export interface BucketsView {
  /** In values of `along`. */
  readonly from: number;
  readonly to: number;
  readonly columns: number;
  /** From the pyramid's x to what the columns are of equal width in. */
  readonly along: (x: number) => number;
  /** From the pyramid's x to the axis. */
  readonly place: (x: number) => number;
  /** From what the columns are of equal width in to the axis. */
  readonly back: (shaped: number) => number;
  /** Only what stands at this x of the pyramid or behind it, only what stands before that one. */
  readonly since?: number;
  readonly before?: number;
}

/** Folds a pyramid into pixel columns, those without points left out. */
export function columnsFromBuckets(pyramid: Pyramid, view: BucketsView): SeriesColumns {
  const { from, to, place } = view;
  const buckets = pyramid.columns(from, to, view.columns, view);
  const used: number[] = [];
  for (let k = 0; k < buckets.length; k++) {
    // A bucket that spans columns shows points in some of them without counting them there.
    if (buckets.finite[k]! + buckets.nonFinite[k]! > 0 || !Number.isNaN(buckets.first[k]!)) used.push(k);
  }
  const columns = emptyColumns(used.length);
  for (let i = 0; i < used.length; i++) {
    const k = used[i]!;
    columns.column[i] = k;
    columns.finite[i] = buckets.finite[k]!;
    columns.nonFinite[i] = buckets.nonFinite[k]!;
    columns.broken[i] = buckets.broken[k]!;
    // Of a bucket that spans columns and begins with NaN only the count stands here.
    const isPlaced = buckets.low[k]! <= buckets.high[k]!;
    const middle = isPlaced ? 0 : view.back(from + ((k + 0.5) / buckets.length) * (to - from));
    columns.low[i] = isPlaced ? place(buckets.low[k]!) : middle;
    columns.high[i] = isPlaced ? place(buckets.high[k]!) : middle;
    columns.first[i] = buckets.first[k]!;
    columns.firstX[i] = place(buckets.firstStep[k]!);
    columns.min[i] = buckets.min[k]!;
    columns.minX[i] = place(buckets.minStep[k]!);
    columns.max[i] = buckets.max[k]!;
    columns.maxX[i] = place(buckets.maxStep[k]!);
    columns.last[i] = buckets.last[k]!;
    columns.lastX[i] = place(buckets.lastStep[k]!);
    columns.sum[i] = buckets.finite[k]! > 0 ? buckets.sum(k).value() : Number.NaN;
  }
  return columns;
}
