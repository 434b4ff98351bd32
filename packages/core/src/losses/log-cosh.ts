import { arrangeElements } from "../input/arrange-elements.ts";
import type { Loss, Reduction } from "../loss.ts";
import type { ElementwiseOptions } from "./assemble-loss.ts";
import type { Kernel } from "./kernel.ts";
import { lossFromKernel } from "./loss-from-kernel.ts";

/**
 * Makes the log-cosh loss: l = ln cosh d, d = prediction - target; gradient tanh d. Id `log_cosh`.
 *
 * Since cosh d = (e^|d| + e^-|d|) / 2, l = |d| + log1p(e^-2|d|) - ln 2, which cannot overflow but cancels near 0. There
 * cosh d - 1 = 2 sinh(d / 2)^2 gives l = log1p(2 sinh(d / 2)^2). The mean divides by the number of elements.
 * Source: Keras's `LogCosh`.
 * Predictions and targets have one shape, any, and no unit: what has one is to be divided by it. One loss an element.
 * NaN stays in its own loss and slope; of an empty batch the sum is 0 and the mean NaN; arrays that come back are the
 * caller's.
 * @throws LF_BAD_PARAMETER.
 */
export function logCosh<R extends Reduction = "mean">(options?: ElementwiseOptions<R> | null): Loss<R> {
  return lossFromKernel(logCoshKernel, arrangeElements, options);
}

/** Reads the options of {@link logCosh}. */
export function logCoshKernel(): Kernel {
  return {
    id: "log_cosh",
    rules: {},
    target: "real",
    evaluate({ prediction, target, rows }, out) {
      for (let i = 0; i < rows; i++) {
        const a = Math.abs(prediction[i]! - target[i]!);
        const h = a < 1 ? Math.sinh(a / 2) : 0;
        out[i] = a < 1 ? Math.log1p(2 * h * h) : a + Math.log1p(Math.exp(-2 * a)) - Math.LN2;
      }
    },
    differentiate({ prediction, target, rows }, out) {
      for (let i = 0; i < rows; i++) out[i] = Math.tanh(prediction[i]! - target[i]!);
    },
  };
}
