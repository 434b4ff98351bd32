import { arrangeRows } from "../input/arrange-rows.ts";
import { checkClassWeight } from "../input/check-labels.ts";
import { checkProbabilities, checkTargets } from "../input/check-probabilities.ts";
import type { Loss, LossColumns, Numbers, Reduction } from "../loss.ts";
import { sumError } from "../sum/sum-error.ts";
import { checkChoice } from "./check-choice.ts";
import { classWeightsFrom } from "./class-weights-from.ts";
import { checkNumber } from "./check-number.ts";
import { lossFromKernel, type LossOptions } from "./loss-from-kernel.ts";
import { part } from "./part.ts";
import { complement, largestLogit, shiftedExponentials } from "./softmax.ts";

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
 * @throws LF_BAD_PARAMETER; on use LF_PROBABILITY_OUT_OF_RANGE, LF_CLASS_COUNT_MISMATCH.
 */
export function categoricalFocalKeras<R extends Reduction = "mean">(
  options: CategoricalFocalKerasOptions & LossOptions<R> = {},
): Loss<R> {
  const id = "categorical_focal_keras";
  const { fromLogits = false, gamma = 2, alpha = 0.25, eps = 1e-7 } = options;
  const same = typeof alpha === "number" ? alpha : 1;
  checkChoice(id, "from_logits", fromLogits, true, false);
  checkNumber(id, "gamma", gamma, 0);
  checkNumber(id, "alpha", same, 0);
  checkNumber(id, "eps", eps, 0, 0.5);
  const each = typeof alpha === "number" ? null : classWeightsFrom(id, "alpha", alpha);
  const factor = (c: number): number => (each === null ? same : each[c]!);
  return lossFromKernel(
    {
      id,
      params: { from_logits: fromLogits, gamma, alpha: each ?? same, eps },
      unit: "row",
      arrange: arrangeRows("vectors"),
      target: "distribution",
      check(columns: LossColumns) {
        checkClassWeight(each, columns);
        (fromLogits ? checkTargets : checkProbabilities)(columns);
      },
      evaluate({ prediction, target, rows, classes }, out) {
        const row = new Float64Array(2 * classes);
        for (let r = 0; r < rows; r++) {
          loadRow(prediction, r * classes, fromLogits, row);
          let loss = 0;
          for (let c = 0; c < classes; c++) {
            const q = Math.max(eps, Math.min(1 - eps, row[c]!));
            const wrong = q === row[c]! ? row[classes + c]! : 1 - q;
            loss += part(factor(c) * target[r * classes + c]!, wrong ** gamma * entropyOf(q, wrong));
          }
          out[r] = loss;
        }
      },
      differentiate({ prediction, target, rows, classes }, out) {
        const row = new Float64Array(2 * classes);
        for (let r = 0; r < rows; r++) {
          const at = r * classes;
          const sum = loadRow(prediction, at, fromLogits, row);
          let pull = 0;
          let error = 0;
          for (let c = 0; c < classes; c++) {
            const q = row[c]!;
            const wrong = row[classes + c]!;
            const held = q < eps || q > 1 - eps;
            const focus = gamma * (wrong === 0 ? 1 : entropyOf(q, wrong) / wrong);
            const slope = held ? 0 : part(factor(c) * target[at + c]!, -(wrong ** gamma) * (focus + 1 / q));
            out[at + c] = slope;
            const next = pull + slope * q;
            error += sumError(pull, slope * q, next);
            pull = next;
          }
          for (let c = 0; c < classes; c++) {
            // f - sum f q = f (1 - q) - what the others pull, which is nothing beside a one-hot label.
            const rest = out[at + c]! * row[classes + c]! - (pull - out[at + c]! * row[c]! + error);
            out[at + c] = fromLogits ? row[c]! * rest : rest / sum;
          }
        }
      },
    },
    options,
  );
}

/** -ln q, from the other shares where q is near 1. */
function entropyOf(q: number, wrong: number): number {
  return wrong < 0.5 ? -Math.log1p(-wrong) : -Math.log(q);
}

/**
 * Writes each class's share q of a row (its soft-max, or p over the row's sum), behind them each 1 - q, whose digits
 * survive a q near 1; returns the row's sum.
 */
function loadRow(values: Numbers, offset: number, fromLogits: boolean, row: Float64Array): number {
  const classes = row.length / 2;
  if (fromLogits) {
    const m = largestLogit(values, offset, classes);
    const others = shiftedExponentials(values, offset, classes, m, row, 0);
    for (let c = 0; c < classes; c++) {
      row[classes + c] = complement(row[c]!, others, m, values[offset + c]!) / (1 + others);
      row[c]! /= 1 + others;
    }
    return 1 + others;
  }
  let sum = 0;
  let error = 0;
  for (let c = 0; c < classes; c++) {
    const p = values[offset + c]!;
    const next = sum + p;
    error += sumError(sum, p, next);
    sum = next;
  }
  for (let c = 0; c < classes; c++) {
    const p = values[offset + c]!;
    row[c] = p / sum;
    row[classes + c] = (sum - p + error) / sum;
  }
  return sum;
}
