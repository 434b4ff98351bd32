/** A figure with its 95 % interval; low and high are null where there is too little to form one. */
export interface Interval {
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
}

/**
 * The mean of `values` and its 95 % interval by Student's t: mean ± t(n - 1) s / sqrt(n). Meant for means of stretches
 * (batch means) so long that what is left between them is near independent. Null bounds below 4 values.
 *
 * With `weights` w (points a value stands for) that add up to W: Σ w x / W, with the variance
 * n / (n - 1) Σ (w / W)² (x - mean)², which is s² / n where all weigh alike.
 */
export function meanInterval(values: readonly number[], weights?: readonly number[]): Interval {
  const n = values.length;
  const total = weights?.reduce((sum, weight) => sum + weight, 0) ?? n;
  const weightOf = (k: number): number => weights?.[k] ?? 1;
  const mean = values.reduce((sum, value, k) => sum + weightOf(k) * value, 0) / total;
  if (n < 4) return { value: mean, low: null, high: null };
  const squares = values.reduce((sum, value, k) => sum + (weightOf(k) * (value - mean)) ** 2, 0);
  const reach = (studentT(n - 1) * Math.sqrt((n / (n - 1)) * squares)) / total;
  return { value: mean, low: mean - reach, high: mean + reach };
}

/** The 97.5 % quantile of Student's t, to three digits (Cornish-Fisher expansion, Hill 1970; exact below 3). */
function studentT(degrees: number): number {
  if (degrees === 1) return 12.706;
  if (degrees === 2) return 4.303;
  const z = 1.959964;
  const v = degrees;
  return (
    z +
    (z ** 3 + z) / (4 * v) +
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * v ** 2) +
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / (384 * v ** 3)
  );
}
