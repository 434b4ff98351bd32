import { type Axis, type Places, STATED_AXES, type StatedAxis, statedAxisOf } from "./axis.ts";
import { columnsFromBuckets } from "./columns-from-buckets.ts";
import type { RunTime } from "./run-time.ts";
import type { SegmentStarts } from "./segment-starts.ts";
import { SeriesBranch } from "./series-branch.ts";
import { joinColumns, type SeriesColumns, type SeriesWindow } from "./series-window.ts";
import { SmoothedLines } from "./smoothed-lines.ts";
import { Stretches } from "./stretches.ts";
import type { WindowRequest } from "./window-request.ts";

/** Branches kept apart at most; of more the oldest are joined. */
const MOST_BRANCHES = 16;

/** The stretch of an axis that a series spans. */
export type Extent = readonly [from: number, to: number];

/**
 * Keeps a series for drawing along every axis that its log states, one branch for each segment of the run, in memory
 * that does not grow with it: with 4,096 buckets 1.1 MB, a quarter of a megabyte more for each axis besides the step, and
 * once as much again for the branches that resumes have left behind.
 */
export class SeriesPlot {
  readonly #time: RunTime;
  readonly #starts: SegmentStarts;
  readonly #resolution: number;
  readonly #branches: SeriesBranch[] = [];
  readonly #extents: Map<StatedAxis, [number, number]> = new Map();
  readonly #lines: SmoothedLines = new SmoothedLines();
  readonly #stretches: Stretches = new Stretches();

  constructor(time: RunTime, starts: SegmentStarts, resolution: number) {
    this.#time = time;
    this.#starts = starts;
    this.#resolution = resolution;
  }

  /** Adds a point of a segment. */
  add(value: number, places: Places, segment: number): void {
    let branch = this.#branches.at(-1);
    if (branch?.segment !== segment) {
      if (this.#branches.length === MOST_BRANCHES) this.#branches[0]!.append(this.#branches.splice(1, 1)[0]!);
      for (const ended of this.#branches) ended.close(this.#branches.length);
      this.#branches.push((branch = new SeriesBranch(segment, this.#resolution)));
    }
    const stretch = this.#stretches.next(places.step, segment);
    branch.add(value, places, stretch);
    this.#lines.add(places, value, stretch, segment);
    for (const axis of STATED_AXES) this.#extend(axis, places[axis]);
  }

  /** Forgets an axis that has turned out to be none. */
  drop(axis: StatedAxis): void {
    this.#extents.delete(axis);
    for (const branch of this.#branches) branch.drop(axis);
  }

  /** Bytes that the buckets take. */
  get bytes(): number {
    return this.#branches.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Where the series begins and ends as the log states it. */
  statedExtent(axis: StatedAxis): Extent | null {
    return this.#extents.get(axis) ?? null;
  }

  /** Where the series begins and ends along an axis, null where its log does not state it. */
  extent(axis: Axis): Extent | null {
    const extent = this.statedExtent(statedAxisOf(axis));
    const place = this.#placeOn(axis);
    return extent === null || place === null ? null : [place(extent[0]), place(extent[1])];
  }

  /** Folds the asked stretch into pixel columns; no columns along an axis that the log does not state. */
  window(request: Omit<WindowRequest, "series">): SeriesWindow {
    return this.#window(request, this.#placeOn(request.axis));
  }

  /** The same along an axis as the log states it: times are not counted from the start. */
  statedWindow(request: Omit<WindowRequest, "series"> & { readonly axis: StatedAxis }): SeriesWindow {
    return this.#window(request, same);
  }

  #window(
    { axis, log, from, to, columns, smoothing }: Omit<WindowRequest, "series">,
    place: ((x: number) => number) | null,
  ): SeriesWindow {
    const stated = statedAxisOf(axis);
    const current: SeriesColumns[] = [];
    const superseded: SeriesColumns[] = [];
    if (place !== null) {
      const shape = log ? Math.log : same;
      const along = (x: number): number => shape(place(x));
      const view = { from: shape(from), to: shape(to), columns, along, place, back: log ? Math.exp : same };
      for (const branch of this.#branches) {
        const pyramid = branch.along(stated);
        if (pyramid === undefined) continue;
        const cut = this.#cutOf(branch.segment, stated);
        current.push(columnsFromBuckets(pyramid, { ...view, before: cut }));
        if (cut < Infinity) superseded.push(columnsFromBuckets(pyramid, { ...view, since: cut }));
      }
    }
    return {
      columns: joinColumns(current),
      superseded: joinColumns(superseded),
      smoothed:
        smoothing === null || place === null
          ? null
          : this.#lines.line(smoothing, stated, from, to, place, this.#starts),
    };
  }

  /** Where along a stated axis the points of a segment are superseded. */
  #cutOf(segment: number, axis: StatedAxis): number {
    const step = this.#starts.supersededFrom(segment);
    return step === Infinity || axis === "step" ? step : this.#lines.reached(segment, step, axis);
  }

  #placeOn(axis: Axis): ((x: number) => number) | null {
    return statedAxisOf(axis) === "time" ? this.#time.mapTo(axis) : same;
  }

  #extend(axis: StatedAxis, x: number): void {
    if (Number.isNaN(x)) return;
    const extent = this.#extents.get(axis);
    if (extent === undefined) this.#extents.set(axis, [x, x]);
    else {
      if (x < extent[0]) extent[0] = x;
      if (x > extent[1]) extent[1] = x;
    }
  }
}

function same(x: number): number {
  return x;
}
