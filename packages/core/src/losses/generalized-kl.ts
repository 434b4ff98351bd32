import { arrangeVectors } from "../input/arrange-rows.ts";
import { checkRange } from "../input/check-range.ts";
import { outOfRange } from "../input/out-of-range.ts";
import type { Loss, Reduction } from "../loss.ts";
import { sumError } from "../sum/sum-error.ts";
import type { LossOptions } from "./assemble-loss.ts";
import type { Kernel } from "./kernel.ts";
import { lossFromKernel } from "./loss-from-kernel.ts";
import { part } from "./part.ts";

/**
 * Makes the generalised Kullback-Leibler divergence of rows of masses t >= 0, which need not add up to 1, from
 * logarithms x of the predicted ones: l = sum over c of t_c (ln t_c - x_c) + e^x_c - t_c, one loss a row; gradient
 * e^x_c - t_c. Optax has it as convex_kl_divergence. Id `generalized_kl`. The mean divides by the number of rows.
 * Source: I. Csiszár (1991), doi:10.1214/aos/1176348385.
 * Predictions and targets are N x C, or N x C x d1 x ... with the classes first; losses are in nats, one a row. NaN
 * stays in its own row; of an empty batch the sum is 0 and the mean NaN; arrays that come back are the caller's.
 * @throws LF_BAD_PARAMETER; on use LF_MASS_OUT_OF_RANGE for a target below 0; LF_CLASS_COUNT_MISMATCH.
 */
export function generalizedKl<R extends Reduction = "mean">(options?: LossOptions<R> | null): Loss<R> {
  return lossFromKernel(generalizedKlKernel, arrangeVectors, options);
}

/** Reads the options of {@link generalizedKl}. */
export function generalizedKlKernel(): Kernel {
  return {
    id: "generalized_kl",
    rules: {},
    target: "vector",
    check(columns) {
      checkRange("target", columns, 0, Infinity, "LF_MASS_OUT_OF_RANGE", "a number from 0", outOfRange);
    },
    evaluate({ prediction, target, rows, classes }, out) {
      for (let r = 0; r < rows; r++) {
        let loss = 0;
        let error = 0;
        for (let i = r * classes; i < (r + 1) * classes; i++) {
          const x = prediction[i]!;
          const t = target[i]!;
          const e = Math.exp(x);
          const excess = e - t;
          const term = t === 0 ? part(t, x) : t * (Math.log(t) - x);
          // An infinite exponential outgrows all else but NaN.
          const both = e === Infinity ? e + (t - t) : term + excess;
          const next = loss + both;
          error += sumError(e, -t, excess) + sumError(term, excess, both) + sumError(loss, both, next);
          loss = next;
        }
        out[r] = loss + (error || 0);
      }
    },
    differentiate({ prediction, target, rows, classes }, out) {
      for (let i = 0; i < rows * classes; i++) out[i] = Math.exp(prediction[i]!) - target[i]!;
    },
  };
}
