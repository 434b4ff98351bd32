/** A way to smooth: by a debiased exponential moving average of some weight, or by the mean of the last points. */
export type Smoothing =
  | { readonly kind: "ema"; readonly weight: number; readonly label: string }
  | { readonly kind: "mean"; readonly points: number; readonly label: string };

/** Every way to smooth that a chart offers; what is asked for is an index here, or null for none. */
export const SMOOTHINGS: readonly Smoothing[] = [
  { kind: "ema", weight: 0.6, label: "EMA 0.6, debiased" },
  { kind: "ema", weight: 0.9, label: "EMA 0.9, debiased" },
  { kind: "ema", weight: 0.99, label: "EMA 0.99, debiased" },
  { kind: "mean", points: 10, label: "rolling mean of 10 points" },
  { kind: "mean", points: 100, label: "rolling mean of 100 points" },
];
