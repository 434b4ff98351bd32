import { arrangeRows } from "../input/arrange-rows.ts";
import { checkClassWeight, checkLabels } from "../input/check-labels.ts";
import type { Loss, Reduction } from "../loss.ts";
import { classWeightsFrom } from "./class-weights-from.ts";
import { checkNumber } from "./check-number.ts";
import { lossFromKernel, type LossOptions } from "./loss-from-kernel.ts";
import { part } from "./part.ts";
import { complement, largestLogit, shiftedExponentials, surprise } from "./softmax.ts";

export interface SoftmaxFocalOptions {
  /** How much less easy rows count; from 0, which is the cross-entropy. Default 2. */
  readonly gamma?: number;
  /** A factor for every row, or one for each class. Default none. */
  readonly alpha?: number | ArrayLike<number> | null;
}

/**
 * Makes the focal loss of rows of C logits, the target being the class's number y, from 0:
 * l = a_y q^gamma n, with n = -ln p_y and q = 1 - p_y for the row's soft-max p; one loss a row. Id `focal_softmax`.
 *
 * q is the sum of the other classes' p, never a difference. Gradient, for the label's logit and for another's:
 * -a_y q^gamma (gamma n p_y + q) and a_y q^gamma (gamma n p_y / q + 1) p_j, where n / q goes to 1 as q goes to 0.
 * The mean divides by the number of rows. Source: arXiv:1708.02002.
 * @throws LF_BAD_PARAMETER; on use LF_LABEL_OUT_OF_RANGE, LF_CLASS_COUNT_MISMATCH.
 */
export function softmaxFocal<R extends Reduction = "mean">(
  options: SoftmaxFocalOptions & LossOptions<R> = {},
): Loss<R> {
  const { gamma = 2, alpha = null } = options;
  checkNumber("focal_softmax", "gamma", gamma, 0);
  const same = typeof alpha === "number" ? alpha : 1;
  checkNumber("focal_softmax", "alpha", same, 0);
  const each = typeof alpha === "number" ? null : classWeightsFrom("focal_softmax", "alpha", alpha);
  return lossFromKernel(
    {
      id: "focal_softmax",
      params: { gamma, alpha: each ?? alpha },
      unit: "row",
      arrange: arrangeRows("labels"),
      target: "label",
      check(columns) {
        checkClassWeight(each, columns);
        checkLabels(columns);
      },
      evaluate({ prediction, target, rows, classes }, out) {
        const row = new Float64Array(classes);
        for (let r = 0; r < rows; r++) {
          const at = r * classes;
          const label = target[r]!;
          const m = largestLogit(prediction, at, classes);
          const sum = shiftedExponentials(prediction, at, classes, m, row, 0);
          const x = prediction[at + label]!;
          const wrong = complement(row[label]!, sum, m, x) / (1 + sum);
          const entropy = surprise(1, m, x, Math.log1p(sum));
          out[r] = part(each === null ? same : (each[label] ?? 1), wrong ** gamma * entropy);
        }
      },
      differentiate({ prediction, target, rows, classes }, out) {
        for (let r = 0; r < rows; r++) {
          const at = r * classes;
          const label = target[r]!;
          const m = largestLogit(prediction, at, classes);
          const sum = shiftedExponentials(prediction, at, classes, m, out);
          const x = prediction[at + label]!;
          const right = label === label ? out[at + label]! / (1 + sum) : label;
          const wrong = complement(out[at + label]!, sum, m, x) / (1 + sum);
          const pull = right === 0 ? 0 : gamma * surprise(1, m, x, Math.log1p(sum)) * right;
          const factor = (each === null ? same : (each[label] ?? 1)) * wrong ** gamma;
          const other = factor * (wrong === 0 ? gamma + 1 : pull / wrong + 1);
          for (let c = 0; c < classes; c++) {
            out[at + c] = c === label ? -factor * (pull + wrong) : (other * out[at + c]!) / (1 + sum);
          }
        }
      },
    },
    options,
  );
}
