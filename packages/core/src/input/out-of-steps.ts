import type { NextOutside } from "./check-range.ts";

/** Finds what is outside of a range, or not a whole number of steps from its lower end, `density` to 1. */
export function outOfSteps(density: number): NextOutside {
  return (i, values, count, low, high) => {
    for (; i < count; i++) {
      const x = values[i]!;
      const steps = (x - low) * density;
      if (!(x >= low && x <= high && steps === Math.floor(steps))) break;
    }
    return i;
  };
}
