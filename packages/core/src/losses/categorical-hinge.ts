import { arrangeVectors } from "../input/arrange-rows.ts";
import { checkTargets } from "../input/check-probabilities.ts";
import type { Loss, LossColumns, Reduction } from "../loss.ts";
import { productError } from "../sum/product-error.ts";
import { sumError } from "../sum/sum-error.ts";
import type { LossOptions } from "./assemble-loss.ts";
import type { Kernel } from "./kernel.ts";
import { lossFromKernel } from "./loss-from-kernel.ts";
import { part } from "./part.ts";

/**
 * Makes the categorical hinge loss of rows of C scores x, with one-hot (or soft) targets t, as Keras has it:
 * l = max(0, 1 + max over c of (1 - t_c) x_c - sum over c of t_c x_c), one loss a row. Id `categorical_hinge`.
 *
 * The label's own class takes part in the maximum with 0. The gradient is -t_c, and 1 - t_c more for the class of the
 * maximum, the first of several; 0 at the kink. The mean divides by the number of rows.
 * Source: Keras's `CategoricalHinge`.
 * Scores and targets are N x C, or N x C x d1 x ... with the classes first, and have no unit. NaN stays in its own
 * row; of an empty batch the sum is 0 and the mean NaN; arrays that come back are the caller's.
 * @throws LF_BAD_PARAMETER; on use LF_PROBABILITY_OUT_OF_RANGE for targets outside [0, 1]; LF_CLASS_COUNT_MISMATCH.
 */
export function categoricalHinge<R extends Reduction = "mean">(options?: LossOptions<R> | null): Loss<R> {
  return lossFromKernel(categoricalHingeKernel, arrangeVectors, options);
}

/** Reads the options of {@link categoricalHinge}. */
export function categoricalHingeKernel(): Kernel {
  return {
    id: "categorical_hinge",
    rules: {},
    target: "distribution",
    check: checkTargets,
    evaluate: (columns, out) => walk(columns, out, false),
    differentiate: (columns, out) => walk(columns, out, true),
  };
}

function walk({ prediction, target, rows, classes }: LossColumns, out: Float64Array, isSlope: boolean): void {
  for (let r = 0; r < rows; r++) {
    const from = r * classes;
    const end = from + classes;
    let top = from;
    let right = 0;
    let wrong = -Infinity;
    let soft = 0;
    let i = from;
    for (; i < end; i++) {
      const x = prediction[i]!;
      const t = target[i]!;
      const term = t * x;
      if (right * term !== 0) break;
      right += term;
      soft += t * (1 - t);
      const v = (1 - t) * x;
      if (v > wrong) top = i;
      wrong = Math.max(wrong, v);
    }
    let margin = 1 + (wrong - right);
    // Once more, with care: several scores count, or a share of one, or little is left of them, or one is infinite (0 times it
    // is NaN), of which a share of 0 leaves nothing.
    if (i < end || soft || !(Math.abs(margin) > 0.25)) {
      let rest = 0;
      right = 0;
      wrong = -Infinity;
      for (i = from; i < end; i++) {
        const x = prediction[i]!;
        const t = target[i]!;
        const term = part(t, x);
        const next = right + term;
        rest += sumError(right, term, next) + productError(t, x, term);
        right = next;
        const v = part(1 - t, x);
        if (v > wrong) top = i;
        wrong = Math.max(wrong, v);
      }
      const x = prediction[top]!;
      const t = target[top]!;
      const gap = wrong - right;
      rest -= productError(1 - t, x, wrong) + (1 - (1 - t) - t) * x + sumError(wrong, -right, gap);
      // In this order the rest counts however little of 1 + gap is left. What infinite scores leave is no number.
      margin = 1 + gap - (rest || 0);
    }
    margin = Math.max(0, margin);
    if (!isSlope) out[r] = margin;
    else {
      const slope = margin > 0 ? 1 : margin;
      for (let i = from; i < end; i++) out[i] = slope * ((i === top ? 1 - target[i]! : 0) - target[i]!);
    }
  }
}
