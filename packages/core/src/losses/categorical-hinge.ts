import { arrangeVectors } from "../input/arrange-rows.ts";
import { checkTargets } from "../input/check-probabilities.ts";
import type { Loss, LossColumns, Reduction } from "../loss.ts";
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
 * @throws LF_BAD_PARAMETER; on use LF_PROBABILITY_OUT_OF_RANGE for targets outside [0, 1]; LF_CLASS_COUNT_MISMATCH.
 */
export function categoricalHinge<R extends Reduction = "mean">(options: LossOptions<R> = {}): Loss<R> {
  return lossFromKernel(categoricalHingeKernel(), arrangeVectors, options);
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
    let right = 0;
    let wrong = 0;
    let top = from;
    for (let tries = 0; tries < 2; tries++) {
      right = 0;
      wrong = -Infinity;
      for (let i = from; i < from + classes; i++) {
        const x = prediction[i]!;
        const t = target[i]!;
        right += tries === 0 ? t * x : part(t, x);
        const v = tries === 0 ? (1 - t) * x : part(1 - t, x);
        if (v > wrong) top = i;
        wrong = Math.max(wrong, v);
      }
      // Once more where it is none: a share of 0 leaves nothing even of an infinite score.
      if (wrong === wrong && right === right) break;
    }
    const margin = Math.max(0, 1 + (wrong - right));
    if (!isSlope) out[r] = margin;
    else {
      const slope = margin > 0 ? 1 : margin;
      for (let i = from; i < from + classes; i++)
        out[i] = slope * ((i === top ? 1 - target[i]! : 0) - target[i]!);
    }
  }
}
