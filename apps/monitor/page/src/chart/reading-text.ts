import { formatCount, formatNumber } from "../../../src/format/number-text.ts";
import type { Axis } from "../../../src/plot/axis.ts";
import { formatX } from "../../../src/format/axis-text.ts";
import type { Reading } from "./readings.ts";

/**
 * Says what a series is at a place: a point with its x, or a mean with its numerator and its denominator, and, where
 * `isFull`, its extremes.
 */
export function formatReading({ line, at }: Reading, axis: Axis, isFull: boolean): string {
  const { columns } = line.window;
  const finite = columns.finite[at]!;
  const nonFinite = columns.nonFinite[at]!;
  const min = columns.min[at]!;
  const max = columns.max[at]!;
  const lost = nonFinite > 0 ? `${formatCount(nonFinite)} not finite` : "";
  if (Number.isNaN(min)) return `${lost} at ${formatX(axis, columns.low[at]!)}`;
  const also = lost === "" ? "" : `, ${lost}`;
  if (finite === 1)
    return `${formatNumber(columns.last[at]!)} at ${formatX(axis, columns.lastX[at]!)}${also}`;
  const extremes =
    min === max || !isFull
      ? ""
      : `, ${formatNumber(min)} to ${formatNumber(max)} (at ${formatX(axis, columns.maxX[at]!)})`;
  if (finite === 0) return `${formatNumber(columns.last[at]!)}${extremes}${also}`;
  const sum = columns.sum[at]!;
  return `mean ${formatNumber(sum / finite)} = ${formatNumber(sum)} / ${formatCount(finite)}${extremes}${also}`;
}
