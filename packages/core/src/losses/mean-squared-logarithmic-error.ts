import { arrangeElements } from "../input/arrange-elements.ts";
import type { Loss, Reduction } from "../loss.ts";
import type { ElementwiseOptions } from "./assemble-loss.ts";
import type { Kernel } from "./kernel.ts";
import { lossFromKernel } from "./loss-from-kernel.ts";
import { part } from "./part.ts";

/** Options of {@link meanSquaredLogarithmicError}. */
export interface MeanSquaredLogarithmicErrorOptions {
  /** Predictions and targets are held at this or above, as in Keras; from 0. Default 1e-7. */
  readonly eps?: number;
}

/**
 * Makes the squared logarithmic error: l = (ln(1 + max(x, eps)) - ln(1 + max(t, eps)))^2 for prediction x and target t;
 * gradient 2 (that difference) / (1 + x), 0 where x is held at eps or infinite. Id `msle`.
 *
 * Near each other the logarithms would cancel: for x >= t their difference is log1p((x - t) / (1 + t)), of a number >= 0
 * throughout, and for x < t minus that the other way round. The mean divides by the number of elements.
 * Source: Keras's `MeanSquaredLogarithmicError`.
 * Predictions and targets have one shape, any, and no unit, as 1 is added to them. One loss an element. NaN stays in
 * its own loss and slope; of an empty batch the sum is 0 and the mean NaN; arrays that come back are the caller's.
 * @throws LF_BAD_PARAMETER for eps < 0.
 */
export function meanSquaredLogarithmicError<R extends Reduction = "mean">(
  options?: (MeanSquaredLogarithmicErrorOptions & ElementwiseOptions<R>) | null,
): Loss<R> {
  return lossFromKernel(meanSquaredLogarithmicErrorKernel, arrangeElements, options);
}

/** Reads the options of {@link meanSquaredLogarithmicError}. */
export function meanSquaredLogarithmicErrorKernel({
  eps = 1e-7,
}: MeanSquaredLogarithmicErrorOptions): Kernel {
  return {
    id: "msle",
    rules: { eps: [eps, 0] },
    target: "real",
    evaluate({ prediction, target, rows }, out) {
      for (let i = 0; i < rows; i++) {
        const d = logarithmOfRatio(Math.max(prediction[i]!, eps), Math.max(target[i]!, eps));
        out[i] = d * d;
      }
    },
    differentiate({ prediction, target, rows }, out) {
      for (let i = 0; i < rows; i++) {
        const x = prediction[i]!;
        const t = Math.max(target[i]!, eps);
        // The slope of a logarithm outgrows it.
        out[i] =
          x < eps || (x === Infinity && t < x)
            ? part(0, t)
            : (2 * Math.sign(x - t) * logarithmOfRatio(x, t)) / (1 + x);
      }
    },
  };
}

/** |ln((1 + x) / (1 + t))| for x, t >= 0: ln(1 + r) as ln u with what rounding took from u = 1 + r, cheaper than log1p. */
function logarithmOfRatio(x: number, t: number): number {
  const r = Math.abs(x - t) / (1 + Math.min(x, t));
  const u = 1 + r;
  return u === Infinity ? u : Math.log(u) + (r - (u - 1)) / u;
}
