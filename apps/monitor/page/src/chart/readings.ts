import { type Line, type Picture, shapeOf } from "./picture.ts";

/** What one series says at the place that is pointed at. */
export interface Reading {
  readonly line: Line;
  /** Index of the column in the line's window. */
  readonly at: number;
  /** The smoothed value nearest to it, null where there is none. */
  readonly smoothed: number | null;
}

/** How far from the place, in pixel columns, a series may be and still be read. */
const REACH = 24;

/** Reads every series at `x`, the one whose line is nearest to `y` first. */
export function readingsAt(picture: Picture, x: number, y: number): Reading[] {
  const shape = shapeOf(picture.logX);
  const span = shape(picture.loaded[1]) - shape(picture.loaded[0]);
  const reach = span > 0 ? (REACH * span) / picture.columns : Infinity;
  const readings: Reading[] = [];
  for (const line of picture.lines) {
    const { columns, smoothed } = line.window;
    const near = nearest(columns.low, x);
    // Within a column its own beginning may be further than that of the next.
    const at = near > 0 && columns.high[near - 1]! >= x ? near - 1 : near;
    if (at < 0 || Math.abs(shape(columns.low[at]!) - shape(x)) > reach) continue;
    const k = smoothed === null ? -1 : nearest(smoothed.x, x);
    const value = smoothed?.y[k];
    readings.push({ line, at, smoothed: value === undefined || Number.isNaN(value) ? null : value });
  }
  const distance = ({ line, at, smoothed }: Reading): number => {
    const { min, max } = line.window.columns;
    if (smoothed !== null) return Math.abs(smoothed - y);
    if (Number.isNaN(min[at]!)) return Number.POSITIVE_INFINITY;
    return y < min[at]! ? min[at]! - y : y > max[at]! ? y - max[at]! : 0;
  };
  return readings.sort((a, b) => distance(a) - distance(b));
}

/** The index of the entry nearest to `wanted` in rising numbers, -1 of none. */
function nearest(values: Float64Array, wanted: number): number {
  let low = 0;
  let high = values.length - 1;
  if (high < 0) return -1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle]! < wanted) low = middle + 1;
    else high = middle;
  }
  return low > 0 && wanted - values[low - 1]! <= values[low]! - wanted ? low - 1 : low;
}
