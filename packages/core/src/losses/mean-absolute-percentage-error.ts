import { arrangeElements } from "../input/arrange-elements.ts";
import type { Loss, Reduction } from "../loss.ts";
import type { ElementwiseOptions } from "./assemble-loss.ts";
import type { Kernel } from "./kernel.ts";
import { lossFromKernel } from "./loss-from-kernel.ts";
import { ABOVE_0 } from "./parameters.ts";

/** Options of {@link meanAbsolutePercentageError}. */
export interface MeanAbsolutePercentageErrorOptions {
  /** The least |target| that is divided by, in units of the target; above 0. Default 1e-7 (Keras). */
  readonly eps?: number;
}

/**
 * Makes the absolute percentage error: l = 100 |d| / max(|t|, eps), d = prediction - target t, in percent; gradient
 * 100 sign(d) / max(|t|, eps). Id `mape`. Near targets of 0 it is ruled by eps alone.
 *
 * The mean divides by the number of elements.
 * Source: Keras's `MeanAbsolutePercentageError`.
 * Predictions and targets have one shape, any, and one unit u: losses are in percent, slopes in percent per u, eps
 * in u. NaN stays in its own loss and slope; of an empty batch the sum is 0 and the mean NaN; arrays that come back
 * are the caller's.
 * @throws LF_BAD_PARAMETER unless eps is above 0.
 */
export function meanAbsolutePercentageError<R extends Reduction = "mean">(
  options?: (MeanAbsolutePercentageErrorOptions & ElementwiseOptions<R>) | null,
): Loss<R> {
  return lossFromKernel(meanAbsolutePercentageErrorKernel, arrangeElements, options);
}

/** Reads the options of {@link meanAbsolutePercentageError}. */
export function meanAbsolutePercentageErrorKernel({
  eps = 1e-7,
}: MeanAbsolutePercentageErrorOptions): Kernel {
  return {
    id: "mape",
    rules: { eps: [eps, ABOVE_0] },
    target: "real",
    evaluate({ prediction, target, rows }, out) {
      let overflow = 0;
      for (let i = 0; i < rows; i++) {
        const t = target[i]!;
        const d = Math.abs(prediction[i]! - t);
        overflow += d - d;
        out[i] = 100 * (d / Math.max(Math.abs(t), eps));
      }
      if (overflow === 0) return;
      // In halves the difference of far numbers does not overflow before the loss does.
      for (let i = 0; i < rows; i++) {
        const t = target[i]!;
        const half = Math.abs(prediction[i]! / 2 - t / 2);
        if (out[i] === Infinity) out[i] = 200 * (half / Math.max(Math.abs(t), eps));
      }
    },
    differentiate({ prediction, target, rows }, out) {
      for (let i = 0; i < rows; i++) {
        const t = target[i]!;
        out[i] = (100 * Math.sign(prediction[i]! - t)) / Math.max(Math.abs(t), eps);
      }
    },
  };
}
