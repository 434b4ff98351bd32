import type { BlockSeries } from "./block-series.ts";
import { type Interval, meanInterval } from "./interval.ts";

/** Where two or more series are held against each other. */
export interface Stretch {
  /** The means are over `from < x <= to`. */
  readonly from: number;
  readonly to: number;
}

/** The share of the common x that means are formed over. */
const SHARE = 0.1;
/** Cells that a stretch is cut into, at most: the batch-means method wants 10 to 30. */
const CELLS = 20;
const LEAST_CELLS = 8;

/**
 * Finds the stretch before `at` (the last x that all have, where null) over which series are compared: a tenth of their
 * common x, or more where one of them has fewer than 8 blocks in that.
 * @returns null where they have no x in common.
 */
export function commonStretch(series: readonly BlockSeries[], at: number | null): Stretch | null {
  const first = Math.max(...series.map(({ range }) => range[0]));
  const last = Math.min(...series.map(({ range }) => range[1]));
  const to = at ?? last;
  if (!(to >= first && to <= last)) return null;
  for (let share = SHARE; share < 1; share *= 1.5) {
    const from = to - share * (to - first);
    if (series.every((one) => one.blocksBetween(from, to) >= LEAST_CELLS)) return { from, to };
  }
  return { from: Math.min(first - (to - first) * 1e-9 - Number.MIN_VALUE, prior(first)), to };
}

/** The mean of a series over a stretch with its 95 % interval, by the means of its cells. */
export function levelOver(series: BlockSeries, stretch: Stretch): Interval {
  const { mean } = series.meanBetween(stretch.from, stretch.to);
  const cells = cellsOf([series], stretch).map(([cell]) => cell!);
  const { value, low, high } = meanInterval(cells);
  return low === null || high === null
    ? { value: mean, low, high }
    : { value: mean, low: mean + (low - value), high: mean + (high - value) };
}

/**
 * How far `other` lies above `base` over a stretch, with its 95 % interval: the mean of the differences of cells of equal
 * x, so that what both have in common (the fall of the loss, the difficulty of the same data) cancels. Negative: below.
 */
export function differenceOver(base: BlockSeries, other: BlockSeries, stretch: Stretch): Interval {
  const cells = cellsOf([base, other], stretch);
  if (cells.length === 0) return { value: other.at(stretch.to) - base.at(stretch.to), low: null, high: null };
  return meanInterval(cells.map(([a, b]) => b! - a!));
}

/** The means of series over cells of equal width; a cell that one of them has no point in is left out. */
function cellsOf(series: readonly BlockSeries[], { from, to }: Stretch): number[][] {
  const blocks = Math.min(...series.map((one) => one.blocksBetween(from, to)));
  const count = Math.min(CELLS, blocks);
  return Array.from({ length: count }, (_, k) => {
    const low = from + ((to - from) * k) / count;
    const high = k === count - 1 ? to : from + ((to - from) * (k + 1)) / count;
    return series.map((one) => one.meanBetween(low, high).mean);
  }).filter((cell) => cell.every((mean) => Number.isFinite(mean)));
}

/** A number just below `x`. */
function prior(x: number): number {
  return x - Math.max(Math.abs(x) * 2 ** -52, Number.MIN_VALUE);
}
