import { arrangeVectors } from "../input/arrange-rows.ts";
import { checkTargets } from "../input/check-probabilities.ts";
import { outOfUnit } from "../input/out-of-unit.ts";
import type { Loss, Reduction } from "../loss.ts";
import type { LossOptions } from "./assemble-loss.ts";
import { categoricalFromOptions, type CategoricalOptions } from "./categorical-options.ts";
import { sumError } from "../sum/sum-error.ts";
import { targetFactors, type RowForm } from "./categorical-rows.ts";
import type { Kernel } from "./kernel.ts";
import { lossFromKernel } from "./loss-from-kernel.ts";
import { PROBABILITIES } from "./probability-row.ts";
import { LOGITS } from "./softmax-row.ts";
import { withClassWeights } from "./with-class-weights.ts";

/**
 * Makes the categorical cross-entropy of rows of C classes, with targets t that are one-hot or soft:
 * l = -sum over c of w_c t_c ln p_c, one loss a row; from logits x, p is their soft-max.
 *
 * Gradients: -w_c t_c / p_c; for logits p_c (sum of w t) - w_c t_c, without cancelling for one-hot rows. Ids `cce` and
 * `cce_logits`. The mean divides by the number of rows, whatever the class weights.
 * Source: as PyTorch's `CrossEntropyLoss` with probabilities, and Keras's `CategoricalCrossentropy`.
 * Predictions are N x C, or N x C x d1 x ... with the classes first; targets have the same shape; losses are in nats.
 * NaN stays in its own row; of an empty batch the sum is 0 and the mean NaN; arrays that come back are the caller's.
 * @throws LF_BAD_PARAMETER; on use LF_PROBABILITY_OUT_OF_RANGE, LF_CLASS_COUNT_MISMATCH.
 */
export function categoricalCrossEntropy<R extends Reduction = "mean">(
  options?: (CategoricalOptions & LossOptions<R>) | null,
): Loss<R> {
  return lossFromKernel(
    (given: CategoricalOptions) =>
      withClassWeights("classWeight", given.classWeight ?? null, (weights) =>
        categoricalCrossEntropyKernel(given, given.fromLogits ? LOGITS : PROBABILITIES, weights),
      ),
    arrangeVectors,
    options,
  );
}

/** Reads the options of {@link categoricalCrossEntropy}. */
export function categoricalCrossEntropyKernel(
  options: CategoricalOptions,
  form: RowForm,
  weights: readonly number[] | null,
): Kernel {
  const kernel = categoricalFromOptions(options, form, (smoothing) => targetFactors(smoothing, weights, 1));
  return {
    ...kernel,
    id: form.isLogits ? "cce_logits" : "cce",
    target: "distribution",
    check(columns) {
      const isClean = kernel.check(columns);
      checkTargets(columns, "target", outOfUnit);
      return isClean;
    },
    evaluate(columns, out, isClean) {
      if (!isClean || !kernel.isPlain || weights) return kernel.evaluate(columns, out);
      const { prediction, target, rows, classes } = columns;
      for (let r = 0, i = 0; r < rows; r++) {
        let loss = 0;
        let error = 0;
        for (const end = i + classes; i < end; i++) {
          // A loop of its own over the zeros takes two thirds of the time.
          while (i < end && target[i] === 0) i++;
          if (i === end) break;
          const term = -target[i]! * Math.log(prediction[i]!);
          const next = loss + term;
          error += sumError(loss, term, next);
          loss = next;
        }
        out[r] = loss + (error || 0);
      }
    },
  };
}
