import { arrangeElements } from "../input/arrange-elements.ts";
import type { Loss, Reduction } from "../loss.ts";
import type { ElementwiseOptions } from "./assemble-loss.ts";
import type { Kernel } from "./kernel.ts";
import { lossFromKernel } from "./loss-from-kernel.ts";

/**
 * Makes the squared error (L2): l = d^2, d = prediction - target; gradient 2d. Id `mse`.
 *
 * The mean divides by the number of elements. An infinite difference costs Infinity; Infinity - Infinity is NaN.
 * Source: A. M. Legendre (1805), Nouvelles méthodes pour la détermination des orbites des comètes; as PyTorch's `MSELoss`.
 * Predictions and targets have one shape, any, and one unit u: losses are in u^2, slopes in u. NaN stays in its own
 * loss and slope; of an empty batch the sum is 0 and the mean NaN; arrays that come back are the caller's.
 * @throws LF_BAD_PARAMETER.
 */
export function meanSquaredError<R extends Reduction = "mean">(
  options?: ElementwiseOptions<R> | null,
): Loss<R> {
  return lossFromKernel(meanSquaredErrorKernel, arrangeElements, options);
}

/** Reads the options of {@link meanSquaredError}. */
export function meanSquaredErrorKernel(): Kernel {
  return {
    id: "mse",
    rules: {},
    target: "real",
    evaluate({ prediction, target, rows }, out) {
      for (let i = 0; i < rows; i++) {
        const d = prediction[i]! - target[i]!;
        out[i] = d * d;
      }
    },
    differentiate({ prediction, target, rows }, out) {
      for (let i = 0; i < rows; i++) out[i] = 2 * (prediction[i]! - target[i]!);
    },
  };
}
