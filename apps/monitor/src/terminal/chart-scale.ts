/** Maps values to heights, linear or logarithmic. */
export interface ChartScale {
  readonly low: number;
  readonly high: number;
  readonly log: boolean;
  /** Whether the scale can show a value: finite, and above 0 where it is logarithmic. */
  holds(value: number): boolean;
  /** 0 at `low`, 1 at `high`. */
  share(value: number): number;
  /** The value at a height, the inverse of `share`. */
  valueAt(share: number): number;
}

/** Makes the scale that holds all of `min` and `max` (NaN where a column is empty). A flat series stands in the middle. */
export function scaleFor(min: Float64Array, max: Float64Array, log: boolean): ChartScale {
  const holds = (value: number): boolean => Number.isFinite(value) && (!log || value > 0);
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const values of [min, max]) {
    for (const value of values) {
      if (!holds(value)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  if (low > high) [low, high] = log ? [1, 10] : [0, 1];
  const to = log ? Math.log10 : (value: number): number => value;
  const from = log ? (place: number): number => 10 ** place : (place: number): number => place;
  let a = to(low);
  let b = to(high);
  if (a === b) {
    const room = log ? 1 : Math.abs(a) / 10 || 1;
    a -= room;
    b += room;
  }
  // Halves, since the span of two finite numbers may overflow.
  const half = b / 2 - a / 2;
  return {
    low: from(a),
    high: from(b),
    log,
    holds,
    share: (value) => Math.min(1, Math.max(0, (to(value) / 2 - a / 2) / half)),
    valueAt: (share) => from(a + share * half + share * half),
  };
}
