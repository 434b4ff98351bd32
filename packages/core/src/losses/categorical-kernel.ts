import { checkClassWeight } from "../input/check-labels.ts";
import { checkPredictions } from "../input/check-probabilities.ts";
import type { Convention, LossColumns, LossId } from "../loss.ts";
import { checkChoice } from "./check-choice.ts";
import { checkNumber } from "./check-number.ts";
import { classWeightsFrom } from "./class-weights-from.ts";
import type { Kernel } from "./kernel.ts";
import { logitsRow } from "./logits-row.ts";
import { probabilitiesRow } from "./probabilities-row.ts";

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
 * Makes what the categorical losses share: a row costs the sum over its classes of factor * (-ln p). `loadFactors` gets
 * the smoothing e and the class weights, writes a row's factors, and says false where the row costs nothing.
 */
export function categoricalKernel(
  id: LossId,
  {
    fromLogits = false,
    labelSmoothing = 0,
    convention = "exact",
    eps = 1e-7,
    ...options
  }: CategoricalOptions,
  loadFactors: (
    columns: LossColumns,
    row: number,
    factors: Float64Array,
    e: number,
    classWeight: readonly number[] | null,
  ) => boolean,
): Pick<Kernel, "id" | "params" | "unit" | "evaluate" | "differentiate"> & {
  readonly classWeight: readonly number[] | null;
  /** Refuses predictions and class weights; targets are each loss's own. */
  readonly checkRows: (columns: LossColumns) => void;
} {
  const classWeight = classWeightsFrom(id, "class_weight", options.classWeight ?? null);
  checkNumber(id, "label_smoothing", labelSmoothing, 0, 1);
  checkChoice(id, "convention", convention, "exact", "torch", "keras", "keras_tf");
  checkNumber(id, "eps", eps, 0, 0.5);
  const rowLoss = fromLogits ? logitsRow : probabilitiesRow(convention, eps);
  const forRows = (columns: LossColumns, each: (row: number, factors: Float64Array) => void): void => {
    const factors = new Float64Array(columns.classes);
    for (let r = 0; r < columns.rows; r++) {
      if (loadFactors(columns, r, factors, labelSmoothing, classWeight)) each(r, factors);
    }
  };
  return {
    id,
    params: {
      class_weight: classWeight,
      label_smoothing: labelSmoothing,
      ...(!fromLogits && { convention, eps }),
    },
    unit: "row",
    classWeight,
    checkRows(columns) {
      checkClassWeight(classWeight, columns);
      if (!fromLogits) checkPredictions(columns);
    },
    evaluate(columns, out) {
      out.fill(0, 0, columns.rows);
      forRows(columns, (r, factors) => (out[r] = rowLoss(columns.prediction, r * columns.classes, factors)));
    },
    differentiate(columns, out) {
      forRows(columns, (r, factors) => rowLoss(columns.prediction, r * columns.classes, factors, out));
    },
  };
}
