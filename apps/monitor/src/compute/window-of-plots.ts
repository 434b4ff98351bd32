import { type Axis, isCounted } from "../plot/axis.ts";
import { logStart } from "../plot/log-start.ts";
import type { Extent, SeriesPlot } from "../plot/series-plot.ts";
import type { SeriesColumns } from "../plot/series-window.ts";
import type { SmoothedLine } from "../plot/smoothed-lines.ts";
import { SMOOTHINGS } from "../plot/smoothing.ts";
import type { ChartColumns, ChartLine, ChartWindow } from "./chart-window.ts";

/** Which stretch of which axis to show in how many pixel columns. */
export interface PlotsView {
  readonly axis: Axis;
  readonly logX: boolean;
  /** An index of `SMOOTHINGS`, null for none. */
  readonly smoothing: number | null;
  readonly pixels: number;
  /** The stretch in view as shares of the whole: 0 to 1 is all of it. */
  readonly shares: readonly [from: number, to: number];
}

/** Folds series, each with its colour, into one chart; the last one is drawn over the others. */
export function windowOfPlots(
  series: readonly { readonly plot: SeriesPlot; readonly colour: number }[],
  { axis, logX, smoothing, pixels, shares }: PlotsView,
): ChartWindow {
  const extents = series.flatMap(({ plot }) => plot.extent(axis) ?? []);
  const whole = [Math.min(...extents), Math.max(...extents)] as const;
  const shape = logX ? Math.log : (x: number): number => x;
  const back = logX ? Math.exp : (x: number): number => x;
  const start = shape(logX ? logStart(axis, whole) : whole[0]);
  const width = shape(whole[1]) - start;
  // The ends themselves, not what rounding makes of them.
  const [from, to] = wholeEnds(axis, whole, [
    shares[0] === 0 ? back(start) : back(start + width * shares[0]),
    shares[1] === 1 ? whole[1] : back(start + width * shares[1]),
  ]);
  const hidesStart = logX && whole[0] <= 0 && shares[0] === 0;
  const lines: ChartLine[] = [];
  let points = 0;
  let superseded = 0;
  let unplaced = 0;
  const placeOf = (x: number): number =>
    to > from ? Math.floor(((shape(x) - shape(from)) / (shape(to) - shape(from))) * pixels) : 0;
  for (const { plot, colour } of series) {
    if (plot.extent(axis) === null) continue;
    const window = plot.window({ axis, log: logX, from, to, columns: pixels, smoothing });
    const left = countOf(window.superseded);
    if (left > 0)
      lines.push({ colour, superseded: true, columns: dense(window.superseded, pixels), smoothed: null });
    const smoothed = window.smoothed === null ? null : denseLine(window.smoothed, pixels, placeOf);
    lines.push({ colour, superseded: false, columns: dense(window.columns, pixels), smoothed });
    superseded += left;
    points += countOf(window.columns) + left;
    if (hidesStart)
      unplaced += countWithin(plot, axis, false, whole) - countWithin(plot, axis, true, [from, whole[1]]);
  }
  const label = smoothing === null ? null : SMOOTHINGS[smoothing]!.label;
  return { lines, smoothing: label, points, superseded, unplaced, axis, logX, from, to };
}

/** The first and the last whole number between two ends, where an axis counts and there are any. */
function wholeEnds(axis: Axis, whole: Extent, [from, to]: Extent): Extent {
  const ends = [Math.ceil(from), Math.floor(to)] as const;
  return isCounted(axis) && whole.every(Number.isInteger) && ends[0] <= ends[1] ? ends : [from, to];
}

function countWithin(plot: SeriesPlot, axis: Axis, log: boolean, [from, to]: Extent): number {
  const window = plot.window({ axis, log, from, to, columns: 1, smoothing: null });
  return countOf(window.columns) + countOf(window.superseded);
}

function countOf({ finite, nonFinite }: SeriesColumns): number {
  let count = 0;
  for (let i = 0; i < finite.length; i++) count += finite[i]! + nonFinite[i]!;
  return count;
}

/** Spreads columns over all pixels; several of one pixel are joined. */
function dense(columns: SeriesColumns, pixels: number): ChartColumns {
  const column = (): Float64Array => new Float64Array(pixels).fill(Number.NaN);
  const spread: ChartColumns = {
    min: column(),
    max: column(),
    first: column(),
    last: column(),
    nonFinite: new Float64Array(pixels),
    joined: new Uint8Array(pixels).fill(1),
  };
  for (let i = 0; i < columns.column.length; i++) {
    const x = columns.column[i]!;
    spread.nonFinite[x]! += columns.nonFinite[i]!;
    if (columns.broken[i] === 1) spread.joined[x] = 0;
    if (Number.isNaN(columns.first[i]!)) continue;
    if (!(columns.min[i]! >= spread.min[x]!)) spread.min[x] = columns.min[i]!;
    if (!(columns.max[i]! <= spread.max[x]!)) spread.max[x] = columns.max[i]!;
    if (Number.isNaN(spread.first[x]!)) spread.first[x] = columns.first[i]!;
    spread.last[x] = columns.last[i]!;
  }
  return spread;
}

/** The last value of a line in each pixel column, NaN where it has none. */
function denseLine({ x, y }: SmoothedLine, pixels: number, placeOf: (x: number) => number): Float64Array {
  const values = new Float64Array(pixels).fill(Number.NaN);
  for (let k = 0; k < x.length; k++) {
    const place = placeOf(x[k]!);
    if (place >= 0 && place <= pixels) values[Math.min(pixels - 1, place)] = y[k]!;
  }
  return values;
}
