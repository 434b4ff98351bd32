import { arrangeElements } from "../input/arrange-elements.ts";
import type { Arrange } from "../input/arrangement.ts";
import { checkRange } from "../input/check-range.ts";
import { flatTensor } from "../input/flat-tensor.ts";
import { sameLength } from "../input/same-length.ts";
import { refuse } from "../input/refuse.ts";
import type { Loss, LossColumns, Numbers, Reduction } from "../loss.ts";
import { checkChoice } from "./check-choice.ts";
import { ABOVE_0, checkNumber } from "./check-number.ts";
import { lossFromKernel, type ElementwiseOptions } from "./loss-from-kernel.ts";

export interface GaussianNllOptions {
  /** Adds ln(2 pi) / 2, which no prediction changes. Default false. */
  readonly full?: boolean;
  /** Variances are held at this or above, in squared units of the target; above 0. Default 1e-6 (PyTorch). */
  readonly eps?: number;
}

/**
 * Makes the negative log-likelihood of a target t under a normal distribution with mean x (the prediction) and variance
 * v: l = (ln v + (x - t)^2 / v) / 2, v held at eps or above; `full` adds ln(2 pi) / 2. The gradient by x is (x - t) / v.
 * The variances come as the option `variance`, one an element. Id `gaussian_nll`. The mean divides by the number of
 * elements.
 * @throws LF_BAD_PARAMETER; on use LF_VARIANCE_OUT_OF_RANGE for a variance below 0, LF_VARIANCE_MISSING.
 */
export function gaussianNll<R extends Reduction = "mean">(
  options: GaussianNllOptions & ElementwiseOptions<R> = {},
): Loss<R> {
  const { full = false, eps = 1e-6 } = options;
  checkChoice("gaussian_nll", "full", full, true, false);
  checkNumber("gaussian_nll", "eps", eps, ABOVE_0);
  const constant = full ? HALF_LN_TAU : 0;
  return lossFromKernel(
    {
      id: "gaussian_nll",
      params: { full, eps },
      unit: "element",
      arrange: arrangeWithVariance,
      target: "real",
      readsVariance: true,
      check(columns) {
        const code = "LF_VARIANCE_OUT_OF_RANGE";
        checkRange(variancesOf(columns), columns, 0, Infinity, code, "variance", "a number from 0");
      },
      evaluate(columns, out) {
        const { prediction, target, rows } = columns;
        const variance = variancesOf(columns);
        for (let i = 0; i < rows; i++) {
          const d = prediction[i]! - target[i]!;
          const v = Math.max(variance[i]!, eps);
          out[i] = 0.5 * (Math.log(v) + (d / v) * d) + constant;
        }
      },
      differentiate(columns, out) {
        const { prediction, target, rows } = columns;
        const variance = variancesOf(columns);
        for (let i = 0; i < rows; i++) out[i] = (prediction[i]! - target[i]!) / Math.max(variance[i]!, eps);
      },
    },
    options,
  );
}

const HALF_LN_TAU = 0.9189385332046727;

const arrangeWithVariance: Arrange = (prediction, target, options) => {
  const { columns, ...axes } = arrangeElements(prediction, target, options);
  if (options.variance === undefined) return { columns, ...axes };
  const variance = flatTensor(options.variance, "variance").values;
  sameLength("variances", variance.length, columns.rows);
  return { columns: { ...columns, variance }, ...axes };
};

function variancesOf({ variance }: LossColumns): Numbers {
  if (variance !== undefined) return variance;
  return refuse("LF_VARIANCE_MISSING", "option variance of gaussian_nll", variance, "one number an element");
}
