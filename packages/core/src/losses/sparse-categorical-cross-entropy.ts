import { arrangeRows } from "../input/arrange-rows.ts";
import { LossflowError } from "../error.ts";
import { checkLabels } from "../input/check-labels.ts";
import { checkPredictions } from "../input/check-probabilities.ts";
import type { Loss, LossColumns, Reduction } from "../loss.ts";
import type { CategoricalOptions } from "./categorical-cross-entropy.ts";
import { checkConvention } from "./check-convention.ts";
import { checkParameter } from "./check-parameter.ts";
import { checkNumber } from "./check-number.ts";
import { classWeightsFrom } from "./class-weights-from.ts";
import { logitsRowLoss, logitsRowSlope } from "./logits-row.ts";
import { lossFromKernel, type LossOptions } from "./loss-from-kernel.ts";
import { probabilitiesRowLoss, probabilitiesRowSlope } from "./probabilities-row.ts";
import { complement, largestLogit, shiftedExponentials, surprise } from "./softmax.ts";

export interface SparseCategoricalOptions extends CategoricalOptions {
  /** Rows with this label cost nothing and are counted nowhere. Default: none is ignored. */
  readonly ignoreIndex?: number | null;
}

/**
 * Makes the sparse categorical cross-entropy of rows of C classes, the target being the class's number y, from 0:
 * l = -ln p_y, one loss a row, of weight w_y; from logits x, p is their soft-max and l = ln(sum of exp(x_j - x_y)).
 *
 * With label smoothing e (torch) w_y l = (1 - e) w_y (-ln p_y) + (e / C) sum over c of w_c (-ln p_c). Gradients: -1 / p_y
 * for the label's class; for logits p_c, and minus the sum of the others for the label's. Ids `scce` and `scce_logits`.
 *
 * A stream sums w_y l and w_y, so there smoothing needs class weights that are not 0.
 *
 * The mean divides by the sum of w_y over the rows not ignored (torch), so it is not the mean of "none", which is w_y l.
 * @throws LF_BAD_PARAMETER; on use LF_LABEL_OUT_OF_RANGE, LF_PROBABILITY_OUT_OF_RANGE, LF_CLASS_COUNT_MISMATCH.
 */
export function sparseCategoricalCrossEntropy<R extends Reduction = "mean">(
  options: SparseCategoricalOptions & LossOptions<R> = {},
): Loss<R> {
  const {
    fromLogits = false,
    labelSmoothing = 0,
    convention = "exact",
    eps = 1e-7,
    ignoreIndex = null,
  } = options;
  const id = fromLogits ? "scce_logits" : "scce";
  const classWeight = classWeightsFrom(id, "class_weight", options.classWeight ?? null);
  checkNumber(id, "label_smoothing", labelSmoothing, 0, 1);
  checkConvention(id, convention, eps);
  checkParameter(
    ignoreIndex === null || Number.isInteger(ignoreIndex),
    id,
    "ignore_index",
    ignoreIndex,
    "an integer",
  );

  // Smoothing mixes the classes' weights into one loss; a label alone has its weight outside.
  const mixesClasses = labelSmoothing > 0 && classWeight !== null;
  const labelWeight = (label: number): number => (label === ignoreIndex ? 0 : (classWeight?.[label] ?? 1));
  const isPlain = labelSmoothing === 0 && (fromLogits || convention === "exact" || convention === "torch");
  const loadFactors = (classes: number, label: number, factors: Float64Array): void => {
    for (let c = 0; c < classes; c++) {
      const w = mixesClasses ? classWeight[c]! : label - label + 1;
      factors[c] = w * (labelSmoothing / classes + (c === label ? 1 - labelSmoothing : 0));
    }
  };
  const evaluate = (columns: LossColumns, out: Float64Array): void => {
    const { prediction, target, rows, classes } = columns;
    const factors = new Float64Array(classes);
    for (let r = 0; r < rows; r++) {
      const label = target[r]!;
      const at = r * classes;
      if (label === ignoreIndex) out[r] = 0;
      else if (isPlain) out[r] = (fromLogits ? logitLoss : probabilityLoss)(columns, at, label);
      else {
        loadFactors(classes, label, factors);
        out[r] = fromLogits
          ? logitsRowLoss(prediction, at, factors)
          : probabilitiesRowLoss(prediction, at, factors, convention, eps);
      }
    }
  };
  return lossFromKernel(
    {
      id,
      params: {
        class_weight: classWeight,
        label_smoothing: labelSmoothing,
        ignore_index: ignoreIndex,
        ...(fromLogits ? {} : { convention, eps }),
      },
      unit: "row",
      arrange: arrangeRows("labels"),
      target: "label",
      ignoreIndex,
      ...(classWeight === null && ignoreIndex === null ? {} : { labelWeight }),
      weighsLabels: mixesClasses,
      check(columns) {
        checkLabels(columns, ignoreIndex, classWeight);
        if (!fromLogits) checkPredictions(columns);
      },
      evaluate,
      ...(mixesClasses && {
        unreduced(columns: LossColumns, out: Float64Array) {
          const free = classWeight.indexOf(0);
          if (free >= 0) {
            throw new LossflowError(
              "LF_NOT_DECOMPOSABLE",
              `A stream cannot weigh class ${free} by 0 under label smoothing: give it another weight, or smooth nothing.`,
            );
          }
          evaluate(columns, out);
          for (let r = 0; r < columns.rows; r++) out[r]! /= labelWeight(columns.target[r]!) || 1;
        },
      }),
      differentiate(columns, out) {
        const { prediction, target, rows, classes } = columns;
        const factors = new Float64Array(classes);
        for (let r = 0; r < rows; r++) {
          const label = target[r]!;
          const at = r * classes;
          if (label === ignoreIndex) out.fill(0, at, at + classes);
          else if (isPlain && fromLogits) logitSlope(columns, at, label, out);
          else {
            loadFactors(classes, label, factors);
            if (fromLogits) logitsRowSlope(prediction, at, factors, out);
            else probabilitiesRowSlope(prediction, at, factors, convention, eps, out);
          }
        }
      },
    },
    options,
  );
}

function probabilityLoss({ prediction, classes }: LossColumns, at: number, label: number): number {
  let row = 0;
  for (let c = at; c < at + classes; c++) row += prediction[c]!;
  // The label's own entry is all that counts, but a NaN beside it is not to be hidden.
  return row - row - Math.log(prediction[at + label]!);
}

function logitLoss({ prediction, classes }: LossColumns, at: number, label: number): number {
  const m = largestLogit(prediction, at, classes);
  return surprise(1, m, prediction[at + label]!, Math.log1p(shiftedExponentials(prediction, at, classes, m)));
}

function logitSlope(
  { prediction, classes }: LossColumns,
  at: number,
  label: number,
  out: Float64Array,
): void {
  const m = largestLogit(prediction, at, classes);
  const sum = shiftedExponentials(prediction, at, classes, m, out);
  for (let c = 0; c < classes; c++) {
    const e = out[at + c]!;
    const slope = c === label ? -complement(e, sum, m, prediction[at + c]!) : label === label ? e : label;
    out[at + c] = slope / (1 + sum);
  }
}
