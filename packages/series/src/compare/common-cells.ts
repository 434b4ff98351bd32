import type { Block, BlockSeries } from "./block-series.ts";
import type { Stretch } from "./compare-at.ts";

/** A part of a stretch, in which all series have points. */
export interface Cell {
  /** What it weighs in the mean of every series: the points of the series that has the fewest in it. */
  readonly weight: number;
  /** Finite points of each series, and their mean. */
  readonly counts: readonly number[];
  readonly means: readonly number[];
}

/** Cells that a stretch is cut into, at most: the batch-means method wants 10 to 30. */
const CELLS = 20;

/**
 * Cuts a stretch into up to 20 cells in which all series have finite points. Where they have points at equal x, the cells
 * hold those alone at which all are finite; where less than half pair so, cells of equal width hold what lies in them, and
 * one that a series has no point in is left out.
 *
 * All series have the weights in common, so the difference of two means is the mean of the differences.
 */
export function commonCells(series: readonly BlockSeries[], { from, to }: Stretch): readonly Cell[] {
  const below = prior(from);
  const paired = pairedBlocks(series.map((one) => one.blocksBetween(below, to)));
  const fewest = Math.min(...series.map((one) => one.meanBetween(below, to).count));
  const pairs = paired.reduce((sum, blocks) => sum + blocks[0]!.count, 0);
  const cells = 2 * pairs >= fewest ? cellsOfPairs(paired) : cellsOfWidth(series, below, to);
  if (cells.length > 0) return cells;
  const counts = series.map((one) => one.meanBetween(below, to).count);
  return [{ weight: 1, counts, means: series.map((one) => one.at(to)) }];
}

/** What all series have over the same points, finite throughout; blocks of unequal width are joined to the same ends. */
function pairedBlocks(series: readonly (readonly Block[])[]): Block[][] {
  const pairs: Block[][] = [];
  const next = series.map(() => 0);
  const take = (k: number): Block | undefined => series[k]![next[k]!++];
  let heads = series.map((_, k) => take(k));
  for (;;) {
    const spans = heads.filter((head) => head !== undefined);
    if (spans.length < heads.length) return pairs;
    const first = Math.max(...spans.map((span) => span.first));
    const last = Math.max(...spans.map((span) => span.last));
    const behind = spans.findIndex((span) => span.first < first);
    const short = spans.findIndex((span) => span.last < last);
    if (behind >= 0) heads[behind] = take(behind);
    else if (short >= 0) heads[short] = joined(spans[short]!, take(short));
    else {
      const { points } = spans[0]!;
      if (spans.every((span) => span.points === points && span.count === points)) pairs.push(spans);
      heads = series.map((_, k) => take(k));
    }
  }
}

function joined(a: Block, b: Block | undefined): Block | undefined {
  return (
    b && {
      first: a.first,
      last: b.last,
      points: a.points + b.points,
      count: a.count + b.count,
      sum: a.sum + b.sum,
    }
  );
}

function cellsOfPairs(pairs: readonly (readonly Block[])[]): Cell[] {
  const cells = Math.min(CELLS, pairs.length);
  return Array.from({ length: cells }, (_, k) => {
    const start = Math.floor((k * pairs.length) / cells);
    const end = Math.floor(((k + 1) * pairs.length) / cells);
    const whole = pairs.slice(start, end).reduce((a, b) => a.map((block, i) => joined(block, b[i])!));
    const counts = whole.map(({ count }) => count);
    return { weight: counts[0]!, counts, means: whole.map(({ sum, count }) => sum / count) };
  });
}

function cellsOfWidth(series: readonly BlockSeries[], below: number, to: number): Cell[] {
  const filled = series.map((one) => one.blocksBetween(below, to).filter(({ count }) => count > 0).length);
  const cells = Math.min(CELLS, ...filled);
  return Array.from({ length: cells }, (_, k) => {
    const low = below + ((to - below) * k) / cells;
    const high = k === cells - 1 ? to : below + ((to - below) * (k + 1)) / cells;
    const within = series.map((one) => one.meanBetween(low, high));
    const counts = within.map(({ count }) => count);
    return { weight: Math.min(...counts), counts, means: within.map(({ mean }) => mean) };
  }).filter(({ weight }) => weight > 0);
}

/** A number just below `x`. */
function prior(x: number): number {
  return x - Math.max(Math.abs(x) * 2 ** -52, Number.MIN_VALUE);
}
