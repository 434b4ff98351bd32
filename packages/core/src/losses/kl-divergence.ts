import { arrangeElements } from "../input/arrange-elements.ts";
import { checkTargets } from "../input/check-probabilities.ts";
import type { Loss, Reduction } from "../loss.ts";
import type { ElementwiseOptions } from "./assemble-loss.ts";
import type { Kernel } from "./kernel.ts";
import { lossFromKernel } from "./loss-from-kernel.ts";
import { part } from "./part.ts";

/** Options of {@link klDivergence}. */
export interface KlDivergenceOptions {
  /** Targets are logarithms of probabilities too. Default false. */
  readonly logTarget?: boolean;
}

/**
 * Makes the Kullback-Leibler divergence by element, as PyTorch has it, from log-probabilities x:
 * l = t (ln t - x), 0 for t = 0, gradient -t; with log-targets l = e^t (t - x), gradient -e^t. Id `kl_div`.
 *
 * One element may be below 0; only the sum over a distribution is not. The mean divides by the number of elements;
 * "batchmean", by the number of distributions (the first axis), is the divergence's own mean.
 * Source: S. Kullback, R. A. Leibler (1951), doi:10.1214/aoms/1177729694.
 * Log-probabilities and targets have one shape, any; losses are in nats, one an element. NaN stays in its own loss
 * and slope; of an empty batch the sum is 0 and the mean NaN; arrays that come back are the caller's.
 * @throws LF_BAD_PARAMETER; on use LF_PROBABILITY_OUT_OF_RANGE for targets outside [0, 1].
 */
export function klDivergence<R extends Reduction = "mean">(
  options?: (KlDivergenceOptions & ElementwiseOptions<R>) | null,
): Loss<R> {
  return lossFromKernel(klDivergenceKernel, arrangeElements, options);
}

/** Reads the options of {@link klDivergence}. */
export function klDivergenceKernel({ logTarget = false }: KlDivergenceOptions): Kernel {
  return {
    id: "kl_div",
    rules: { logTarget: [logTarget, true, false] },
    target: logTarget ? "real" : "probability",
    ...(!logTarget && { check: checkTargets }),
    evaluate({ prediction, target, rows }, out) {
      for (let i = 0; i < rows; i++) {
        const x = prediction[i]!;
        const t = target[i]!;
        if (logTarget) out[i] = t === x ? 0 : part(Math.exp(t), t - x);
        else out[i] = t === 0 ? part(t, x) : t * (Math.log(t) - x);
      }
    },
    differentiate({ prediction, target, rows }, out) {
      for (let i = 0; i < rows; i++) {
        const x = prediction[i]!;
        // No slope hangs on x, but none of NaN is a number.
        out[i] = x === x ? -(logTarget ? Math.exp(target[i]!) : target[i]!) : x;
      }
    },
  };
}
