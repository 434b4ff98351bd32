import { arrangeRows } from "../input/arrange-rows.ts";
import { checkTargets } from "../input/check-probabilities.ts";
import type { Loss, Reduction } from "../loss.ts";
import { categoricalKernel, type CategoricalOptions } from "./categorical-kernel.ts";
import { lossFromKernel, type LossOptions } from "./loss-from-kernel.ts";

/**
 * Makes the categorical cross-entropy of rows of C classes, with targets t that are one-hot or soft:
 * l = -sum over c of w_c t_c ln p_c, one loss a row; from logits x, p is their soft-max.
 *
 * Gradients: -w_c t_c / p_c; for logits p_c (sum of w t) - w_c t_c, without cancelling for one-hot rows. Ids `cce` and
 * `cce_logits`. The mean divides by the number of rows, whatever the class weights.
 * @throws LF_BAD_PARAMETER; on use LF_PROBABILITY_OUT_OF_RANGE, LF_CLASS_COUNT_MISMATCH.
 */
export function categoricalCrossEntropy<R extends Reduction = "mean">(
  options: CategoricalOptions & LossOptions<R> = {},
): Loss<R> {
  const { checkRows, ...kernel } = categoricalKernel(
    options.fromLogits === true ? "cce_logits" : "cce",
    options,
    ({ target, classes }, row, factors, e, classWeight) => {
      for (let c = 0; c < classes; c++) {
        const t = target[row * classes + c]! * (1 - e) + e / classes;
        factors[c] = classWeight === null ? t : t * classWeight[c]!;
      }
      return true;
    },
  );
  return lossFromKernel(
    {
      ...kernel,
      arrange: arrangeRows("vectors"),
      target: "distribution",
      check(columns) {
        checkRows(columns);
        checkTargets(columns);
      },
    },
    options,
  );
}
