import { hasPlace, heightOf, symlogReach, type YScale } from "../plot/y-scale.ts";

/** Maps values to heights. */
export interface ChartScale {
  readonly low: number;
  readonly high: number;
  readonly kind: YScale;
  /** Whether there was no value to make it of: its numbers mean nothing then. */
  readonly isEmpty: boolean;
  /** Whether the scale can show a value: finite, and above 0 where it is logarithmic. */
  readonly holds: (value: number) => boolean;
  /** 0 at `low`, 1 at `high`. */
  share(value: number): number;
  /** The value at a height, the inverse of `share`. */
  valueAt(share: number): number;
}

/** Makes the scale that holds all of some values (NaN where a column is empty). A flat series stands in the middle. */
export function scaleFor(all: readonly Float64Array[], kind: YScale): ChartScale {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const values of all) {
    for (const value of values) {
      if (!hasPlace(kind, value)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  const isEmpty = low > high;
  if (isEmpty) [low, high] = kind === "log" ? [1, 10] : [0, 1];
  const reach = symlogReach(Math.max(Math.abs(low), Math.abs(high)));
  const to = heightOf(kind, reach);
  const from =
    kind === "log" ? Math.exp : (h: number): number => (kind === "symlog" ? Math.sinh(h) * reach : h);
  let a = to(low);
  let b = to(high);
  if (a === b) {
    const room = kind === "log" ? Math.LN10 : Math.abs(a) / 10 || 1;
    a -= room;
    b += room;
  }
  // Halves, since the span of two finite numbers may overflow.
  const half = b / 2 - a / 2;
  return {
    low: from(a),
    high: from(b),
    kind,
    isEmpty,
    holds: (value) => hasPlace(kind, value),
    share: (value) => Math.min(1, Math.max(0, (to(value) / 2 - a / 2) / half)),
    valueAt: (share) => from(a + share * half + share * half),
  };
}
