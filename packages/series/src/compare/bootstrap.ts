import type { Interval } from "./interval.ts";

/** How the runs of a group are summed up. */
export type Centre = "mean" | "median";

const RESAMPLES = 2_000;

/**
 * The centre of a group of runs (seeds) with its 95 % bootstrap interval: the 2.5 % and 97.5 % quantiles of the centres
 * of 2,000 resamples of the runs. Null bounds of fewer than 3 runs. `random` gives numbers in [0, 1): seed it.
 */
export function bootstrapCentre(values: readonly number[], centre: Centre, random: () => number): Interval {
  const value = centreOf(values, centre);
  if (values.length < 3) return { value, low: null, high: null };
  return { value, ...quantiles(() => centreOf(resample(values, random), centre)) };
}

/** As {@link bootstrapCentre}, of how far the centre of `other` lies above that of `base`; each is resampled by itself. */
export function bootstrapDifference(
  base: readonly number[],
  other: readonly number[],
  centre: Centre,
  random: () => number,
): Interval {
  const value = centreOf(other, centre) - centreOf(base, centre);
  if (base.length < 3 || other.length < 3) return { value, low: null, high: null };
  const draw = (): number =>
    centreOf(resample(other, random), centre) - centreOf(resample(base, random), centre);
  return { value, ...quantiles(draw) };
}

function quantiles(draw: () => number): { low: number; high: number } {
  const draws = Float64Array.from({ length: RESAMPLES }, draw).sort();
  return { low: draws[Math.floor(0.025 * RESAMPLES)]!, high: draws[Math.ceil(0.975 * RESAMPLES) - 1]! };
}

function resample(values: readonly number[], random: () => number): number[] {
  return values.map(() => values[Math.floor(random() * values.length)]!);
}

function centreOf(values: readonly number[], centre: Centre): number {
  if (centre === "mean") return values.reduce((sum, value) => sum + value, 0) / values.length;
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
