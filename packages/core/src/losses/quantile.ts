import { arrangeElements } from "../input/arrange-elements.ts";
import type { Loss, Reduction } from "../loss.ts";
import type { ElementwiseOptions } from "./assemble-loss.ts";
import type { Kernel } from "./kernel.ts";
import { lossFromKernel } from "./loss-from-kernel.ts";
import { part } from "./part.ts";

/** Options of {@link quantile}. */
export interface QuantileOptions {
  /** The quantile to predict, from 0 to 1. Default 0.5: half the absolute error, for the median. */
  readonly tau?: number;
}

/**
 * Makes the quantile (pinball) loss: l = tau (t - x) where the prediction x is below the target t, (1 - tau) (x - t)
 * where it is above; gradient -tau, 1 - tau, 0 at a tie. Id `quantile`.
 *
 * The mean divides by the number of elements. Source: R. Koenker, G. Bassett (1978), doi:10.2307/1913643.
 * Predictions and targets have one shape, any, and one unit u: losses are in u, slopes have none. NaN stays in its
 * own loss and slope; of an empty batch the sum is 0 and the mean NaN; arrays that come back are the caller's.
 * @throws LF_BAD_PARAMETER unless tau is from 0 to 1.
 */
export function quantile<R extends Reduction = "mean">(
  options?: (QuantileOptions & ElementwiseOptions<R>) | null,
): Loss<R> {
  return lossFromKernel(quantileKernel, arrangeElements, options);
}

/** Reads the options of {@link quantile}. */
export function quantileKernel({ tau = 0.5 }: QuantileOptions): Kernel {
  return {
    id: "quantile",
    rules: { tau: [tau, 0, 1] },
    target: "real",
    evaluate({ prediction, target, rows }, out) {
      for (let i = 0; i < rows; i++) {
        const x = prediction[i]!;
        const t = target[i]!;
        const d = x - t;
        const factor = d < 0 ? -tau : 1 - tau;
        // In halves the difference of far numbers does not overflow before the loss does.
        out[i] = Math.abs(d) === Infinity ? part(2 * factor, x / 2 - t / 2) : factor * d;
      }
    },
    differentiate({ prediction, target, rows }, out) {
      for (let i = 0; i < rows; i++) {
        const d = prediction[i]! - target[i]!;
        out[i] = d < 0 ? -tau : d > 0 ? 1 - tau : d;
      }
    },
  };
}
