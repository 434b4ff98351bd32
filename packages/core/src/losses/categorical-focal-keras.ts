import { arrangeVectors } from "../input/arrange-rows.ts";
import { checkTargets } from "../input/check-probabilities.ts";
import type { Loss, Reduction } from "../loss.ts";
import type { LossOptions } from "./assemble-loss.ts";
import { categoricalRows, targetFactors, type RowForm } from "./categorical-rows.ts";
import { focusOf } from "./focus.ts";
import type { Kernel } from "./kernel.ts";
import { lossFromKernel } from "./loss-from-kernel.ts";
import { PROBABILITIES } from "./probability-row.ts";
import { LOGITS } from "./softmax-row.ts";
import { withClassWeights } from "./with-class-weights.ts";

/** Options of {@link categoricalFocalKeras}. */
export interface CategoricalFocalKerasOptions {
  /** Predictions are logits, not probabilities. Default false. */
  readonly fromLogits?: boolean;
  /** How much less easy classes count; from 0. Default 2. */
  readonly gamma?: number;
  /** A factor for every class, or one for each. Default 0.25. */
  readonly alpha?: number | ArrayLike<number>;
  /** Moves each target to t (1 - e) + e / C; from 0 to 1. Default 0. */
  readonly labelSmoothing?: number;
  /** How close to 0 and 1 a probability may come. Default 1e-7. */
  readonly eps?: number;
}

/**
 * Makes the categorical focal cross-entropy as Keras has it: each row is divided by its sum (from logits: its soft-max
 * is taken), held within [eps, 1 - eps], and l = sum over c of alpha_c (1 - q_c)^gamma (-t_c ln q_c), one loss a row.
 * Id `categorical_focal_keras`.
 *
 * With f_c = -alpha_c t_c (1 - q_c)^gamma (gamma (-ln q_c) / (1 - q_c) + 1 / q_c), 0 where q_c is held, the gradient is
 * (f_c - sum f q) / S for a row with sum S, q_c (f_c - sum f q) for logits. The mean divides by the number of rows.
 * Source: Keras's `CategoricalFocalCrossentropy`, after arXiv:1708.02002.
 * Predictions are N x C, or N x C x d1 x ... with the classes first; targets have the same shape; losses are in nats.
 * NaN stays in its own row; of an empty batch the sum is 0 and the mean NaN; arrays that come back are the caller's.
 * @throws LF_BAD_PARAMETER; on use LF_PROBABILITY_OUT_OF_RANGE, LF_CLASS_COUNT_MISMATCH.
 */
export function categoricalFocalKeras<R extends Reduction = "mean">(
  options?: (CategoricalFocalKerasOptions & LossOptions<R>) | null,
): Loss<R> {
  return lossFromKernel(
    (given: CategoricalFocalKerasOptions) => {
      const { alpha } = given;
      const form = given.fromLogits ? LOGITS : PROBABILITIES;
      return typeof alpha === "object" && alpha
        ? withClassWeights("alpha", alpha, (alphas) =>
            categoricalFocalKerasKernel({ ...given, alpha: 1 }, form, alphas),
          )
        : categoricalFocalKerasKernel(given as CategoricalFocalKerasKernelOptions, form);
    },
    arrangeVectors,
    options,
  );
}

/** Options of a kernel for which all classes are alike. */
export interface CategoricalFocalKerasKernelOptions extends Omit<CategoricalFocalKerasOptions, "alpha"> {
  /** A factor for every class. Default 0.25. */
  readonly alpha?: number | undefined;
}

/** Reads the options of {@link categoricalFocalKeras} but for lists, which are given apart. */
export function categoricalFocalKerasKernel(
  { fromLogits, gamma = 2, alpha = 0.25, labelSmoothing = 0, eps = 1e-7 }: CategoricalFocalKerasKernelOptions,
  { isLogits, check, rowLoss }: RowForm,
  alphas: readonly number[] | null = null,
): Kernel {
  return {
    id: "categorical_focal_keras",
    rules: {
      fromLogits: [fromLogits ?? isLogits, isLogits],
      gamma: [gamma, 0],
      alpha: [alpha, 0],
      labelSmoothing: [labelSmoothing, 0, 1],
      eps: [eps, 0, 0.5],
    },
    target: "distribution",
    check(columns) {
      check(columns);
      checkTargets(columns);
    },
    ...categoricalRows(
      rowLoss("keras", eps, focusOf(gamma, eps)),
      targetFactors(labelSmoothing, alphas, alpha),
    ),
  };
}
