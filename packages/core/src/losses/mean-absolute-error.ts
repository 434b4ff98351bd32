import { arrangeElements } from "../input/arrange-elements.ts";
import type { Loss, Reduction } from "../loss.ts";
import type { ElementwiseOptions } from "./assemble-loss.ts";
import type { Kernel } from "./kernel.ts";
import { lossFromKernel } from "./loss-from-kernel.ts";

/**
 * Makes the absolute error (L1): l = |d|, d = prediction - target; gradient the sign of d, 0 at a tie. Id `mae`.
 *
 * The mean divides by the number of elements.
 * Source: as PyTorch's `L1Loss`.
 * Predictions and targets have one shape, any, and one unit u: losses are in u, slopes have none. NaN stays in its
 * own loss and slope; of an empty batch the sum is 0 and the mean NaN; arrays that come back are the caller's.
 * @throws LF_BAD_PARAMETER.
 */
export function meanAbsoluteError<R extends Reduction = "mean">(
  options?: ElementwiseOptions<R> | null,
): Loss<R> {
  return lossFromKernel(meanAbsoluteErrorKernel, arrangeElements, options);
}

/** Reads the options of {@link meanAbsoluteError}. */
export function meanAbsoluteErrorKernel(): Kernel {
  return {
    id: "mae",
    rules: {},
    target: "real",
    evaluate({ prediction, target, rows }, out) {
      for (let i = 0; i < rows; i++) out[i] = Math.abs(prediction[i]! - target[i]!);
    },
    differentiate({ prediction, target, rows }, out) {
      for (let i = 0; i < rows; i++) out[i] = Math.sign(prediction[i]! - target[i]!);
    },
  };
}
