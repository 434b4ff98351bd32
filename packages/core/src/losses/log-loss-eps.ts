import { arrangeElements } from "../input/arrange-elements.ts";
import { checkProbabilities } from "../input/check-probabilities.ts";
import type { Loss, Reduction } from "../loss.ts";
import type { ElementwiseOptions } from "./assemble-loss.ts";
import type { Kernel } from "./kernel.ts";
import { logarithmOfSum } from "./logarithm-of-sum.ts";
import { lossFromKernel } from "./loss-from-kernel.ts";
import { sumOfParts } from "./part.ts";

/** Options of {@link logLossEps}. */
export interface LogLossEpsOptions {
  /** Added inside both logarithms; from 0. Default 1e-7. */
  readonly eps?: number;
}

/**
 * Makes the binary cross-entropy as TensorFlow.js has it, its logLoss: l = -t ln(p + eps) - (1 - t) ln(1 - p + eps),
 * gradient -t / (p + eps) + (1 - t) / (1 - p + eps). Id `log_loss_eps`.
 *
 * A perfect prediction costs -ln(1 + eps), less than nothing; for the loss itself use {@link binaryCrossEntropy}.
 * The mean divides by the number of elements.
 * Source: `tf.losses.logLoss` of TensorFlow.js.
 * Predictions and targets have one shape, any; losses are in nats, one an element. NaN stays in its own loss and
 * slope; of an empty batch the sum is 0 and the mean NaN; arrays that come back are the caller's.
 * @throws LF_BAD_PARAMETER; on use LF_PROBABILITY_OUT_OF_RANGE for predictions or targets outside [0, 1].
 */
export function logLossEps<R extends Reduction = "mean">(
  options?: (LogLossEpsOptions & ElementwiseOptions<R>) | null,
): Loss<R> {
  return lossFromKernel(logLossEpsKernel, arrangeElements, options);
}

/** Reads the options of {@link logLossEps}. */
export function logLossEpsKernel({ eps = 1e-7 }: LogLossEpsOptions): Kernel {
  return {
    id: "log_loss_eps",
    rules: { eps: [eps, 0] },
    target: "probability",
    check: checkProbabilities,
    evaluate({ prediction, target, rows }, out) {
      for (let i = 0; i < rows; i++) {
        const p = prediction[i]!;
        const t = target[i]!;
        const q = 1 - p;
        out[i] = sumOfParts(t, -logarithmOfSum(p, eps, 0), 1 - t, -logarithmOfSum(q, eps, 1 - q - p));
      }
    },
    differentiate({ prediction, target, rows }, out) {
      for (let i = 0; i < rows; i++) {
        const p = prediction[i]!;
        const t = target[i]!;
        const u = 1 - t;
        out[i] = (u && u / (1 - p + eps)) - (t && t / (p + eps));
      }
    },
  };
}
