import { arrangeElements } from "../input/arrange-elements.ts";
import { checkRange } from "../input/check-range.ts";
import { outOfRange } from "../input/out-of-range.ts";
import type { Loss, Reduction } from "../loss.ts";
import type { ElementwiseOptions } from "./assemble-loss.ts";
import type { Kernel } from "./kernel.ts";
import { logarithmOfSum } from "./logarithm-of-sum.ts";
import { lossFromKernel } from "./loss-from-kernel.ts";
import { part } from "./part.ts";

/** Options of {@link poissonNll}. */
export interface PoissonNllOptions {
  /** Predictions are logarithms of rates, not rates. Default true. */
  readonly logInput?: boolean;
  /** Adds Stirling's ln t! for targets above 1, which no prediction changes. Default false. */
  readonly full?: boolean;
  /** With rates: added before the logarithm; from 0. Default 1e-8. */
  readonly eps?: number;
}

/**
 * Makes the negative log-likelihood of counts t under a Poisson rate, as PyTorch has it, but for ln t!:
 * l = e^x - t x from x = ln rate, gradient e^x - t; or l = x - t ln(x + eps) from a rate x, gradient 1 - t / (x + eps).
 * `full` adds t ln t - t + ln(2 pi t) / 2 where t > 1. Id `poisson_nll`. The mean divides by the number of elements.
 * Source: PyTorch's `PoissonNLLLoss`.
 * Predictions and counts have one shape, any; losses are in nats, one an element. NaN stays in its own loss and
 * slope; of an empty batch the sum is 0 and the mean NaN; arrays that come back are the caller's.
 * @throws LF_BAD_PARAMETER; on use LF_RATE_OUT_OF_RANGE for a rate below 0.
 */
export function poissonNll<R extends Reduction = "mean">(
  options?: (PoissonNllOptions & ElementwiseOptions<R>) | null,
): Loss<R> {
  return lossFromKernel(poissonNllKernel, arrangeElements, options);
}

/** Reads the options of {@link poissonNll}. */
export function poissonNllKernel({ logInput = true, full = false, eps = 1e-8 }: PoissonNllOptions): Kernel {
  return {
    id: "poisson_nll",
    rules: { logInput: [logInput, true, false], full: [full, true, false], eps: [eps, 0] },
    target: "real",
    check(columns) {
      if (logInput) return;
      checkRange("prediction", columns, 0, Infinity, "LF_RATE_OUT_OF_RANGE", "a rate from 0", outOfRange);
    },
    evaluate({ prediction, target, rows }, out) {
      for (let i = 0; i < rows; i++) {
        const x = prediction[i]!;
        const t = target[i]!;
        const rate = logInput ? Math.exp(x) : x;
        const logarithm = logInput ? x : logarithmOfSum(x, eps, 0);
        let loss = rate - t * logarithm;
        // An infinite rate outgrows its logarithm, a count of 0 any; t - t keeps a NaN.
        if (loss !== loss) loss = rate === Infinity ? rate + (t - t) : rate - part(t, logarithm);
        out[i] = full && t > 1 ? loss + (t * Math.log(t) - t + 0.5 * Math.log(2 * Math.PI * t)) : loss;
      }
    },
    differentiate({ prediction, target, rows }, out) {
      for (let i = 0; i < rows; i++) {
        const x = prediction[i]!;
        const t = target[i]!;
        out[i] = logInput ? Math.exp(x) - t : t === 0 && x === x ? 1 : 1 - t / (x + eps);
      }
    },
  };
}
