import type { Line, Picture, Range } from "./picture.ts";

/** Room above and below the lines, as a share of their height. */
const PADDING = 0.06;

/**
 * The y axis that shows every finite value in view: every positive one where it is logarithmic. Of no value 0 to 1,
 * of a single one a little more than it.
 */
export function yRangeOf(picture: Picture, view: Range, log: boolean): Range {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const line of picture.lines) {
    const { columns } = line.window;
    for (let i = 0; i < columns.column.length; i++) {
      if (!isInView(line, i, view)) continue;
      const max = columns.max[i]!;
      if (max > high) high = max;
      // Where only the smallest is not positive, the largest still is.
      const min = columns.min[i]!;
      const least = log && min <= 0 ? max : min;
      if (least < low && (!log || least > 0)) low = least;
    }
  }
  if (!(low <= high)) return log ? [0.1, 1] : [0, 1];
  if (log) {
    const ratio = Math.max(high / low, 1.2) ** PADDING;
    return [low / ratio, high * ratio];
  }
  const room = (high - low || Math.abs(high) || 1) * PADDING;
  return [low - room, high + room];
}

/** Tells whether a column holds anything of the stretch in view. */
export function isInView({ window: { columns } }: Line, i: number, [from, to]: Range): boolean {
  return columns.high[i]! >= from && columns.low[i]! <= to;
}
