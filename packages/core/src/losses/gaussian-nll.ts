import { arrangeElements } from "../input/arrange-elements.ts";
import type { Arrange } from "../input/arrangement.ts";
import { checkRange } from "../input/check-range.ts";
import { outOfRange } from "../input/out-of-range.ts";
import { flatTensor } from "../input/flat-tensor.ts";
import { refuse } from "../input/refuse.ts";
import { sameAxes } from "../input/size-of-shape.ts";
import type { Loss, Reduction } from "../loss.ts";
import type { ElementwiseOptions } from "./assemble-loss.ts";
import type { Kernel } from "./kernel.ts";
import { lossFromKernel } from "./loss-from-kernel.ts";
import { ABOVE_0 } from "./parameters.ts";

/** Options of {@link gaussianNll}. */
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
 * Source: D. A. Nix, A. S. Weigend (1994), doi:10.1109/ICNN.1994.374138.
 * Predictions, targets and variances have one shape, any; with targets in a unit u variances are in u^2, losses in
 * nats but for ln u, slopes in 1 / u. NaN stays in its own loss and slope; of an empty batch the sum is 0 and the
 * mean NaN; arrays that come back are the caller's.
 * @throws LF_BAD_PARAMETER; on use LF_VARIANCE_OUT_OF_RANGE for a variance below 0, LF_VARIANCE_MISSING.
 */
export function gaussianNll<R extends Reduction = "mean">(
  options?: (GaussianNllOptions & ElementwiseOptions<R>) | null,
): Loss<R> {
  return lossFromKernel(gaussianNllKernel, arrangeWithVariance, options, () => ({ readsVariance: true }));
}

/** Reads the options of {@link gaussianNll}. */
export function gaussianNllKernel({ full = false, eps = 1e-6 }: GaussianNllOptions): Kernel {
  const constant = full ? HALF_LN_TAU : 0;
  return {
    id: "gaussian_nll",
    rules: { full: [full, true, false], eps: [eps, ABOVE_0] },
    target: "real",
    check(columns) {
      if (columns.variance === undefined)
        refuse("LF_VARIANCE_MISSING", "option variance of gaussian_nll", undefined, "one number an element");
      checkRange("variance", columns, 0, Infinity, "LF_VARIANCE_OUT_OF_RANGE", "a number from 0", outOfRange);
    },
    evaluate({ prediction, target, rows, variance }, out) {
      for (let i = 0; i < rows; i++) {
        const d = prediction[i]! - target[i]!;
        const v = Math.max(variance![i]!, eps);
        // Halves: the squares alone may be beyond the largest number.
        out[i] = Math.log(v) / 2 + (d / v) * (d / 2) + constant;
      }
    },
    differentiate({ prediction, target, rows, variance }, out) {
      for (let i = 0; i < rows; i++) out[i] = (prediction[i]! - target[i]!) / Math.max(variance![i]!, eps);
    },
  };
}

const HALF_LN_TAU = 0.9189385332046727;

const arrangeWithVariance: Arrange = (prediction, target, options) => {
  const columns = arrangeElements(prediction, target, options);
  if (options.variance === undefined) return columns;
  const variance = flatTensor(options.variance, "variance");
  sameAxes("variance", variance, columns.axes);
  return { ...columns, variance: variance[0] };
};
