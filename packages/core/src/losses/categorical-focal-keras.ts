import { arrangeVectors } from "../input/arrange-rows.ts";
import { checkProbabilities, checkTargets } from "../input/check-probabilities.ts";
import { checkClassWeights } from "../input/check-class-weights.ts";
import type { Loss, Reduction } from "../loss.ts";
import type { LossOptions } from "./assemble-loss.ts";
import { ALL, categoricalRows } from "./categorical-rows.ts";
import { focusOf } from "./focus.ts";
import { lossFromKernel } from "./loss-from-kernel.ts";

/** Options of {@link categoricalFocalKeras}. */
export interface CategoricalFocalKerasOptions {
  /** Predictions are logits, not probabilities. Default false. */
  readonly fromLogits?: boolean;
  /** How much less easy classes count; from 0. Default 2. */
  readonly gamma?: number;
  /** A factor for every class, or one for each. Default 0.25. */
  readonly alpha?: number | ArrayLike<number>;
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
 * @throws LF_BAD_PARAMETER; on use LF_PROBABILITY_OUT_OF_RANGE, LF_CLASS_COUNT_MISMATCH.
 */
export function categoricalFocalKeras<R extends Reduction = "mean">(
  options: CategoricalFocalKerasOptions & LossOptions<R> = {},
): Loss<R> {
  const { fromLogits = false, gamma = 2, alpha = 0.25, eps = 1e-7 } = options;
  const each = typeof alpha === "object" ? Array.from(alpha) : null;
  const rules = {
    fromLogits: [fromLogits, true, false],
    gamma: [gamma, 0],
    alpha: [each ?? alpha, 0, Infinity, each && null],
    eps: [eps, 0, 0.5],
  } as const;
  return lossFromKernel("categorical_focal_keras", options, rules, "distribution", {
    arrange: arrangeVectors,
    check(columns) {
      checkClassWeights("alpha", each, columns);
      (fromLogits ? checkTargets : checkProbabilities)(columns);
    },
    ...categoricalRows(
      fromLogits,
      "keras",
      eps,
      ({ target, classes }, row, factors) => {
        for (let c = 0; c < classes; c++)
          factors[c] = (each === null ? (alpha as number) : each[c]!) * target[row * classes + c]!;
        return ALL;
      },
      focusOf(gamma, eps),
    ),
  });
}
