/** A way to smooth; half-lives in steps, or in seconds of the log's time. */
export type Smoothing =
  | { readonly kind: "ema"; readonly weight: number; readonly label: string }
  | {
      readonly kind: "timed";
      readonly along: "step" | "time";
      readonly halfLife: number;
      readonly label: string;
    }
  | { readonly kind: "mean" | "median"; readonly points: number; readonly label: string };

/** Every way to smooth that a chart offers; what is asked for is an index here, or null for none. */
export const SMOOTHINGS: readonly Smoothing[] = [
  { kind: "ema", weight: 0.6, label: "EMA 0.6, debiased" },
  { kind: "ema", weight: 0.9, label: "EMA 0.9, debiased" },
  { kind: "ema", weight: 0.99, label: "EMA 0.99, debiased" },
  { kind: "timed", along: "step", halfLife: 100, label: "EMA of half-life 100 steps" },
  { kind: "timed", along: "time", halfLife: 600, label: "EMA of half-life 10 min" },
  { kind: "mean", points: 10, label: "rolling mean of 10 points" },
  { kind: "mean", points: 100, label: "rolling mean of 100 points" },
  { kind: "median", points: 11, label: "rolling median of 11 points" },
  { kind: "median", points: 101, label: "rolling median of 101 points" },
];

/** Whether a number is a way to smooth. */
export function isSmoothing(index: unknown): index is number {
  return typeof index === "number" && SMOOTHINGS[index] !== undefined;
}
