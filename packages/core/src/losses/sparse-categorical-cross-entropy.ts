import { arrangeLabels } from "../input/arrange-rows.ts";
import { checkLabels } from "../input/check-labels.ts";
import type { Loss, Reduction } from "../loss.ts";
import type { LossOptions, More } from "./assemble-loss.ts";
import { categoricalFromOptions, type CategoricalOptions } from "./categorical-options.ts";
import { ALL, NONE, type RowForm } from "./categorical-rows.ts";
import type { Kernel } from "./kernel.ts";
import { lossFromKernel } from "./loss-from-kernel.ts";
import { notDecomposable } from "./not-decomposable.ts";
import { PROBABILITIES } from "./probability-row.ts";
import { LOGITS } from "./softmax-row.ts";
import { withClassWeights } from "./with-class-weights.ts";

/** Options of {@link sparseCategoricalCrossEntropy}. */
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
 * Source: as PyTorch's `CrossEntropyLoss` with labels, and its `NLLLoss` of logarithms; smoothing arXiv:1512.00567.
 * Predictions are N x C, or N x C x d1 x ... with the classes first; labels are N, or N x d1 x ...; losses are in
 * nats. NaN stays in its own row; of an empty batch the sum is 0 and the mean NaN; arrays that come back are the
 * caller's.
 * @throws LF_BAD_PARAMETER; on use LF_LABEL_OUT_OF_RANGE, LF_PROBABILITY_OUT_OF_RANGE.
 */
export function sparseCategoricalCrossEntropy<R extends Reduction = "mean">(
  options?: (SparseCategoricalOptions & LossOptions<R>) | null,
): Loss<R> {
  return lossFromKernel(
    (given: SparseCategoricalOptions) =>
      withClassWeights("classWeight", given.classWeight ?? null, (weights) => weighed(given, weights)),
    arrangeLabels,
    options,
    labelsOf,
  );
}

/** The kernel in which a label weighs what its class does. */
function weighed(given: SparseCategoricalOptions, weights: readonly number[] | null): SparseKernel {
  const form = given.fromLogits ? LOGITS : PROBABILITIES;
  const kernel = sparseCategoricalCrossEntropyKernel(given, form, (factors) =>
    weights?.forEach((w, c) => (factors[c]! *= w)),
  );
  const { ignoreIndex } = kernel;
  return {
    ...kernel,
    labelWeight:
      (weights ?? ignoreIndex) !== null && ((label) => (label === ignoreIndex ? 0 : (weights?.[label] ?? 1))),
    weighsLabels: weights !== null && !!given.labelSmoothing,
  };
}

/** What labels weigh, and what that makes of the loss of one row. */
function labelsOf({
  id,
  check,
  evaluate,
  labelWeight,
  weighsLabels,
  ignoreIndex,
  weights,
}: SparseKernel & { readonly weights: readonly number[] | null }): More {
  if (!labelWeight) return {};
  if (!weighsLabels) return { labelWeight };
  if (weights?.includes(0))
    return {
      labelWeight: (label) => (label === ignoreIndex ? 0 : 1),
      decomposable: false,
      unreduced: notDecomposable(id),
      whole: {
        parts: ["loss", "label_weight"].map((name) => ({ name, weighted: true })),
        evaluate(columns, [losses, labelWeights]) {
          evaluate(columns, losses!, check(columns));
          for (let r = 0; r < columns.rows; r++) labelWeights![r] = labelWeight(columns.target[r]!);
        },
        weightPart: 1,
        value: ([sum], divisor) => ({ sum: sum!, mean: sum! / (divisor || Number.NaN) }),
      },
    };
  return {
    labelWeight,
    unreduced(columns, out) {
      evaluate(columns, out, check(columns));
      for (let r = 0; r < columns.rows; r++) out[r]! /= labelWeight(columns.target[r]!) || 1;
    },
  };
}

type SparseKernel = Kernel & Required<Pick<Kernel, "check" | "ignoreIndex">>;

/**
 * Reads the options of {@link sparseCategoricalCrossEntropy} but for class weights: `weigh` multiplies the factors of all
 * classes by them where smoothing mixes these into one loss, else a label alone has its weight outside.
 */
export function sparseCategoricalCrossEntropyKernel(
  options: SparseCategoricalOptions,
  form: RowForm,
  weigh?: (factors: Float64Array) => void,
): SparseKernel {
  const { ignoreIndex = null } = options;
  const kernel = categoricalFromOptions(options, form, (smoothing) => ({ target, classes }, row, factors) => {
    const label = target[row]!;
    if (label === ignoreIndex) return NONE;
    if (smoothing === 0 && label === label) {
      // Behind a label that is NaN all are.
      if (factors[label] !== 0) factors.fill(0);
      factors[label] = 1;
      return label;
    }
    factors.fill(smoothing / classes + (label - label));
    factors[label]! += 1 - smoothing;
    weigh?.(factors);
    return ALL;
  });
  // An array of its own is no value that a caller can give.
  const index = Number.isInteger(ignoreIndex ?? 0) ? ignoreIndex : ["a whole number"];
  return {
    ...kernel,
    id: form.isLogits ? "scce_logits" : "scce",
    rules: { ...kernel.rules, ignoreIndex: [ignoreIndex, index] },
    target: "label",
    ignoreIndex,
    check(columns) {
      const isClean = kernel.check(columns);
      checkLabels(columns, ignoreIndex);
      return isClean;
    },
    evaluate(columns, out, isClean) {
      if (!isClean || !kernel.isPlain) return kernel.evaluate(columns, out);
      // What a row costs hangs on the label's own probability alone.
      const { prediction, target, rows, classes } = columns;
      for (let r = 0; r < rows; r++) {
        const label = target[r]!;
        out[r] = label === ignoreIndex ? 0 : 0 - Math.log(prediction[r * classes + label]!);
      }
    },
  };
}
