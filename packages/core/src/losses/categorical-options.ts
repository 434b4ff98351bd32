import type { WeighedColumns } from "../input/arrangement.ts";
import type { Convention } from "../loss.ts";
import { categoricalRows, type LoadFactors, type RowForm } from "./categorical-rows.ts";
import type { Loops } from "./kernel.ts";
import type { Rules } from "./parameters.ts";

/** Options of the categorical cross-entropies. */
export interface CategoricalOptions {
  /** Predictions are logits, not probabilities. Default false. */
  readonly fromLogits?: boolean;
  /** One factor >= 0 for each class. Default 1 each. */
  readonly classWeight?: ArrayLike<number> | null;
  /** Moves each target to t (1 - e) + e / C; from 0 to 1. Default 0. */
  readonly labelSmoothing?: number;
  /** With probabilities: "keras" and "keras_tf" make each row sum to 1 and hold it within [eps, 1 - eps]. Default "exact". */
  readonly convention?: Convention;
  /** Conventions keras and keras_tf: how close to 0 and 1 a probability may come. Default 1e-7. */
  readonly eps?: number;
}

/** What the two categorical cross-entropies make of their options: their kernels, but for what these ask of targets. */
export interface Categorical extends Loops {
  readonly rules: Rules;
  readonly check: (columns: WeighedColumns) => boolean;
  /** Whether rows that `check` finds clean cost the sum of t_c (-ln p_c), as targets and predictions are, but for class weights. */
  readonly isPlain: boolean;
}

/** Reads the options that the two categorical cross-entropies share, but for class weights. */
export function categoricalFromOptions(
  { labelSmoothing: smoothing = 0, convention = "exact", eps = 1e-7 }: CategoricalOptions,
  { isLogits, check, rowLoss }: RowForm,
  loadFactorsOf: (smoothing: number) => LoadFactors,
): Categorical {
  return {
    ...categoricalRows(rowLoss(convention, eps), loadFactorsOf(smoothing)),
    check,
    rules: {
      labelSmoothing: [smoothing, 0, 1],
      ...(!isLogits && {
        convention: [convention, "exact", "torch", "keras", "keras_tf"],
        eps: [eps, 0, 0.5],
      }),
    },
    isPlain: smoothing === 0 && !["keras", "keras_tf"].includes(convention),
  };
}
