import type { SeriesColumns } from "../../../src/plot/series-window.ts";
import { hasPlace, heightOf, symlogReach, type YScale } from "../../../src/plot/y-scale.ts";
import type { Picture, Range } from "./picture.ts";

/** The y axis of a chart. */
export interface YRange {
  readonly scale: YScale;
  readonly range: Range;
  /** How far from 0 a symlog axis is linear. */
  readonly reach: number;
  /** Whether no value in view has a place: the numbers of the range mean nothing then. */
  readonly isEmpty: boolean;
}

/** Room above and below the lines, as a share of their height. */
const PADDING = 0.06;

/**
 * The y axis that shows every finite value in view: every positive one where it is logarithmic. Of no value 0 to 1,
 * of a single one a little more than it.
 */
export function yRangeOf(picture: Picture, view: Range, scale: YScale): YRange {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const { window } of picture.lines) {
    for (const columns of [window.columns, window.superseded]) {
      for (let i = 0; i < columns.column.length; i++) {
        if (!isInView(columns, i, view)) continue;
        const max = columns.max[i]!;
        if (max > high) high = max;
        // Where only the smallest is not positive, the largest still is.
        const min = columns.min[i]!;
        const least = hasPlace(scale, min) ? min : max;
        if (least < low && hasPlace(scale, least)) low = least;
      }
    }
  }
  const reach = symlogReach(Math.max(Math.abs(low), Math.abs(high)));
  if (!(low <= high)) return { scale, range: scale === "log" ? [0.1, 1] : [0, 1], reach: 1, isEmpty: true };
  if (scale === "log") {
    const ratio = Math.max(high / low, 1.2) ** PADDING;
    return { scale, range: [low / ratio, high * ratio], reach, isEmpty: false };
  }
  if (scale === "symlog") {
    const height = heightOf(scale, reach);
    const span = (height(high) - height(low) || 1) * PADDING;
    const back = (h: number): number => Math.sinh(h) * reach;
    return { scale, range: [back(height(low) - span), back(height(high) + span)], reach, isEmpty: false };
  }
  const room = (high - low || Math.abs(high) || 1) * PADDING;
  return { scale, range: [low - room, high + room], reach, isEmpty: false };
}

/** Tells whether a column holds anything of the stretch in view. */
export function isInView(columns: SeriesColumns, i: number, [from, to]: Range): boolean {
  return columns.high[i]! >= from && columns.low[i]! <= to;
}
