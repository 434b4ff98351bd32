import { arrangeElements } from "../input/arrange-elements.ts";
import type { Loss, Reduction } from "../loss.ts";
import type { ElementwiseOptions } from "./assemble-loss.ts";
import type { Kernel } from "./kernel.ts";
import { lossFromKernel } from "./loss-from-kernel.ts";

/** Options of {@link smoothL1}. */
export interface SmoothL1Options {
  /** Where the parabola meets the straight lines, in units of the target; from 0, which is the absolute error. Default 1. */
  readonly beta?: number;
}

/**
 * Makes the smooth L1 loss, d = prediction - target: l = d^2 / (2 beta) for |d| < beta, else |d| - beta / 2; the
 * gradient is d / beta, held within [-1, 1], and 0 at d = 0. Id `smooth_l1`. It is Huber's loss divided by beta.
 *
 * The mean divides by the number of elements. Source: R. Girshick (2015), arXiv:1504.08083.
 * Predictions and targets have one shape, any, and one unit u: losses and beta are in u, slopes have none. NaN stays
 * in its own loss and slope; of an empty batch the sum is 0 and the mean NaN; arrays that come back are the caller's.
 * @throws LF_BAD_PARAMETER for beta < 0.
 */
export function smoothL1<R extends Reduction = "mean">(
  options?: (SmoothL1Options & ElementwiseOptions<R>) | null,
): Loss<R> {
  return lossFromKernel(smoothL1Kernel, arrangeElements, options);
}

/** Reads the options of {@link smoothL1}. */
export function smoothL1Kernel({ beta = 1 }: SmoothL1Options): Kernel {
  return {
    id: "smooth_l1",
    rules: { beta: [beta, 0] },
    target: "real",
    evaluate({ prediction, target, rows }, out) {
      for (let i = 0; i < rows; i++) {
        const a = Math.abs(prediction[i]! - target[i]!);
        out[i] = a < beta ? 0.5 * a * (a / beta) : a - beta / 2;
      }
    },
    differentiate({ prediction, target, rows }, out) {
      for (let i = 0; i < rows; i++) {
        const d = prediction[i]! - target[i]!;
        out[i] = Math.abs(d) < beta ? d / beta : Math.sign(d);
      }
    },
  };
}
