import type { NextOutside } from "./check-range.ts";

/** Finds what is outside [low, high], or NaN: in a loop of its own, which with more in it takes twice the time. */
export const outOfRange: NextOutside = (i, values, count, low, high) => {
  while (i < count && values[i]! >= low && values[i]! <= high) i++;
  return i;
};
