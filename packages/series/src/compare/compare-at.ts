import type { BlockSeries } from "./block-series.ts";
import type { Cell } from "./common-cells.ts";
import { type Interval, meanInterval } from "./interval.ts";

/** Where two or more series are held against each other. */
export interface Stretch {
  /** The means are over `from <= x <= to`. */
  readonly from: number;
  readonly to: number;
}

/** The share of the common x that means are formed over. */
const SHARE = 0.1;
const LEAST_BLOCKS = 8;

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
    const isEnough = (one: BlockSeries): boolean =>
      one.blocksBetween(from, to).filter(({ count }) => count > 0).length >= LEAST_BLOCKS;
    if (series.every(isEnough)) return { from, to };
  }
  return { from: first, to };
}

/** The mean over a stretch of the series at `index` of those that its cells are of, with its 95 % interval. */
export function levelOver(cells: readonly Cell[], index: number): Interval {
  return meanInterval(
    cells.map(({ means }) => means[index]!),
    cells.map(({ weight }) => weight),
  );
}

/**
 * How far the series at `other` lies above that at `base` over a stretch, with its 95 % interval: the mean of the
 * differences of its cells, so that what both have in common (the fall of the loss, the difficulty of the same data)
 * cancels. Negative: below.
 */
export function differenceOver(cells: readonly Cell[], base: number, other: number): Interval {
  return meanInterval(
    cells.map(({ means }) => means[other]! - means[base]!),
    cells.map(({ weight }) => weight),
  );
}
