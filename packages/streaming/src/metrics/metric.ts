import type { Loss, WholeLoss } from "@lossflow/core";

/** What a metric's sums say besides its value: weighted counts by name, or a matrix. */
export type MetricDetail =
  | { readonly counts: Readonly<Record<string, number>> }
  | { readonly matrix: readonly (readonly number[])[] };

/**
 * A figure of how well predictions do that is not trained by: each row adds to a few exact sums, from which the figure is
 * formed when it is read, as with a loss that depends on the whole. A NaN in a row that is read makes it one of the `nan`.
 */
export interface Metric extends Pick<Loss, "unit" | "target" | "params" | "labelWeight"> {
  readonly id: string;
  readonly readsVariance: false;
  readonly decomposable: false;
  readonly whole: WholeLoss;
  /** `sums` are those of the parts. */
  detail(sums: readonly number[]): MetricDetail;
}

/** What rows are evaluated by. */
export type Measure = Loss | Metric;

export function isLoss(measure: Measure): measure is Loss {
  return "gradient" in measure;
}

/** Makes the part of a metric that forms its figure from the weighted sums of its parts; NaN where it is undefined. */
export function wholeOf(
  names: readonly string[],
  evaluate: WholeLoss["evaluate"],
  figure: (sums: readonly number[], weightSum: number) => number,
): WholeLoss {
  return {
    parts: names.map((name) => ({ name, weighted: true })),
    evaluate,
    value(sums, weightSum) {
      const mean = weightSum === 0 ? Number.NaN : figure(sums, weightSum);
      return { sum: mean, mean };
    },
  };
}
