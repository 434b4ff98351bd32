import type { Place } from "@lossflow/logs";
import { type Buckets, Pyramid } from "@lossflow/series";
import type { Axis } from "./axis.ts";
import { SmoothedLines } from "./smoothed-lines.ts";
import { emptyColumns, type SeriesColumns, type SeriesWindow } from "./series-window.ts";
import type { WindowRequest } from "./window-request.ts";

/** Buckets kept at most along the steps, and along an axis that the log states besides; some 242 bytes each. */
const RESOLUTION = 4_096;
const SIDE_RESOLUTION = 1_024;

/** The stretch of an axis that a series spans. */
export type Extent = readonly [from: number, to: number];

/** Keeps a series for drawing along every axis that its log states, in memory that does not grow with it: 1.6 MB at most. */
export class SeriesPlot {
  readonly #pyramids: Map<Axis, Pyramid> = new Map();
  readonly #extents: Map<Axis, [number, number]> = new Map();
  readonly #lines: SmoothedLines = new SmoothedLines();

  /** Adds a point; `time` in seconds since the run's start, NaN where unknown. */
  add(value: number, place: Readonly<Place>, time: number): void {
    const { step, epoch, segment } = place;
    this.#addAlong("step", step, value, segment);
    this.#addAlong("epoch", epoch, value, segment);
    this.#addAlong("time", time, value, segment);
    this.#lines.add(step, epoch, time, value, segment);
  }

  /** Where the series begins and ends along each axis that its log states. */
  get extents(): ReadonlyMap<Axis, Extent> {
    return this.#extents;
  }

  /** Folds the asked stretch into pixel columns; no columns along an axis that the log does not state. */
  window(request: Omit<WindowRequest, "series">): SeriesWindow {
    const { axis, from, to, columns, smoothing } = request;
    const buckets = this.#pyramids.get(axis)?.columns(from, to, columns);
    return {
      columns: buckets === undefined ? emptyColumns(0) : columnsFromBuckets(buckets, from, to),
      smoothed: smoothing === null ? null : this.#lines.line(smoothing, axis, from, to),
    };
  }

  #addAlong(axis: Axis, x: number, value: number, segment: number): void {
    if (Number.isNaN(x)) return;
    let pyramid = this.#pyramids.get(axis);
    if (pyramid === undefined) {
      pyramid = new Pyramid({ resolution: axis === "step" ? RESOLUTION : SIDE_RESOLUTION });
      this.#pyramids.set(axis, pyramid);
      this.#extents.set(axis, [x, x]);
    }
    pyramid.add(x, value, segment);
    const extent = this.#extents.get(axis)!;
    if (x < extent[0]) extent[0] = x;
    if (x > extent[1]) extent[1] = x;
  }
}

function columnsFromBuckets(buckets: Buckets, from: number, to: number): SeriesColumns {
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
    const middle = from + ((k + 0.5) / buckets.length) * (to - from);
    columns.low[i] = isPlaced ? buckets.low[k]! : middle;
    columns.high[i] = isPlaced ? buckets.high[k]! : middle;
    columns.first[i] = buckets.first[k]!;
    columns.firstX[i] = buckets.firstStep[k]!;
    columns.min[i] = buckets.min[k]!;
    columns.minX[i] = buckets.minStep[k]!;
    columns.max[i] = buckets.max[k]!;
    columns.maxX[i] = buckets.maxStep[k]!;
    columns.last[i] = buckets.last[k]!;
    columns.lastX[i] = buckets.lastStep[k]!;
    columns.sum[i] = buckets.finite[k]! > 0 ? buckets.sum(k).value() : Number.NaN;
  }
  return columns;
}
