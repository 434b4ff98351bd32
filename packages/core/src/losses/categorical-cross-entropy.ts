import { arrangeRows } from "../input/arrange-rows.ts";
import { checkClassWeight } from "../input/check-labels.ts";
import { checkProbabilities, checkTargets } from "../input/check-probabilities.ts";
import type { Convention, Loss, LossColumns, Reduction } from "../loss.ts";
import { checkConvention } from "./check-convention.ts";
import { checkNumber } from "./check-number.ts";
import { classWeightsFrom } from "./class-weights-from.ts";
import { logitsRowLoss, logitsRowSlope } from "./logits-row.ts";
import { lossFromKernel, type LossOptions } from "./loss-from-kernel.ts";
import { probabilitiesRowLoss, probabilitiesRowSlope } from "./probabilities-row.ts";

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
  const { fromLogits = false, labelSmoothing = 0, convention = "exact", eps = 1e-7 } = options;
  const id = fromLogits ? "cce_logits" : "cce";
  const classWeight = classWeightsFrom(id, "class_weight", options.classWeight ?? null);
  checkNumber(id, "label_smoothing", labelSmoothing, 0, 1);
  checkConvention(id, convention, eps);

  const loadFactors = ({ target, classes }: LossColumns, row: number, factors: Float64Array): void => {
    for (let c = 0; c < classes; c++) {
      const t = target[row * classes + c]! * (1 - labelSmoothing) + labelSmoothing / classes;
      factors[c] = classWeight === null ? t : t * classWeight[c]!;
    }
  };
  return lossFromKernel(
    {
      id,
      params: {
        class_weight: classWeight,
        label_smoothing: labelSmoothing,
        ...(fromLogits ? {} : { convention, eps }),
      },
      unit: "row",
      arrange: arrangeRows("vectors"),
      target: "distribution",
      check(columns) {
        checkClassWeight(classWeight, columns.rows, columns.classes);
        (fromLogits ? checkTargets : checkProbabilities)(columns);
      },
      evaluate(columns, out) {
        const factors = new Float64Array(columns.classes);
        for (let r = 0; r < columns.rows; r++) {
          loadFactors(columns, r, factors);
          const at = r * columns.classes;
          out[r] = fromLogits
            ? logitsRowLoss(columns.prediction, at, factors)
            : probabilitiesRowLoss(columns.prediction, at, factors, convention, eps);
        }
      },
      differentiate(columns, out) {
        const factors = new Float64Array(columns.classes);
        for (let r = 0; r < columns.rows; r++) {
          loadFactors(columns, r, factors);
          const at = r * columns.classes;
          if (fromLogits) logitsRowSlope(columns.prediction, at, factors, out);
          else probabilitiesRowSlope(columns.prediction, at, factors, convention, eps, out);
        }
      },
    },
    options,
  );
}
