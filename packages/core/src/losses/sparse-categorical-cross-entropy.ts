import { arrangeRows } from "../input/arrange-rows.ts";
import { checkLabels } from "../input/check-labels.ts";
import type { Loss, LossColumns, Reduction } from "../loss.ts";
import { categoricalKernel, type CategoricalOptions } from "./categorical-kernel.ts";
import { checkParameter } from "./check-parameter.ts";
import { lossFromKernel, type LossOptions } from "./loss-from-kernel.ts";
import { refuseUnreduced } from "./refuse-unreduced.ts";

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
 * The mean divides by the sum of w_y over the rows not ignored (torch), so it is not the mean of "none", which is w_y l.
 * A row whose class weighs 0 costs what smoothing leaves of it and adds nothing to the denominator; as such a row has no
 * l of its own, the loss is then not decomposable: streams form it from the sums of w_y l and w_y (`whole`).
 * @throws LF_BAD_PARAMETER; on use LF_LABEL_OUT_OF_RANGE, LF_PROBABILITY_OUT_OF_RANGE, LF_CLASS_COUNT_MISMATCH.
 */
export function sparseCategoricalCrossEntropy<R extends Reduction = "mean">(
  options: SparseCategoricalOptions & LossOptions<R> = {},
): Loss<R> {
  const { ignoreIndex = null, labelSmoothing = 0 } = options;
  const id = options.fromLogits === true ? "scce_logits" : "scce";
  const isIndex = ignoreIndex === null || Number.isInteger(ignoreIndex);
  checkParameter(isIndex, id, "ignore_index", ignoreIndex, "an integer");
  const { classWeight, checkRows, ...kernel } = categoricalKernel(
    id,
    options,
    ({ target, classes }, row, factors, e, weights) => {
      const label = target[row]!;
      factors.fill(e / classes + (label - label));
      factors[label]! += 1 - e;
      // Smoothing mixes the classes' weights into one loss; a label alone has its weight outside.
      if (e > 0 && weights !== null) for (let c = 0; c < classes; c++) factors[c]! *= weights[c]!;
      return label !== ignoreIndex;
    },
  );
  const weighsLabels = labelSmoothing > 0 && classWeight !== null;
  const labelWeight = (label: number): number => (label === ignoreIndex ? 0 : (classWeight?.[label] ?? 1));
  const check = (columns: LossColumns): void => {
    checkRows(columns);
    checkLabels(columns, ignoreIndex);
  };
  const loss = lossFromKernel(
    {
      ...kernel,
      params: { ...kernel.params, ignore_index: ignoreIndex },
      arrange: arrangeRows("labels"),
      target: "label",
      ignoreIndex,
      ...((classWeight !== null || ignoreIndex !== null) && { labelWeight }),
      weighsLabels,
      check,
      ...(weighsLabels && {
        unreduced(columns: LossColumns, out: Float64Array) {
          kernel.evaluate(columns, out);
          for (let r = 0; r < columns.rows; r++) out[r]! /= labelWeight(columns.target[r]!) || 1;
        },
      }),
    },
    options,
  );
  if (!weighsLabels || !classWeight.includes(0)) return loss;
  return {
    ...loss,
    decomposable: false,
    unreduced: () => refuseUnreduced(id),
    labelWeight: (label) => (label === ignoreIndex ? 0 : 1),
    whole: {
      parts: ["loss", "label_weight"].map((name) => ({ name, weighted: true })),
      evaluate(columns, [losses, weights]) {
        check(columns);
        kernel.evaluate(columns, losses!);
        for (let r = 0; r < columns.rows; r++) weights![r] = labelWeight(columns.target[r]!);
      },
      value: ([sum, weight]) => ({ sum: sum!, mean: weight === 0 ? Number.NaN : sum! / weight! }),
    },
  };
}
