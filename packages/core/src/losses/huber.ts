import { arrangeElements } from "../input/arrange-elements.ts";
import type { Loss, Reduction } from "../loss.ts";
import type { ElementwiseOptions } from "./assemble-loss.ts";
import type { Kernel } from "./kernel.ts";
import { lossFromKernel } from "./loss-from-kernel.ts";
import { ABOVE_0 } from "./parameters.ts";

/** Options of {@link huber}. */
export interface HuberOptions {
  /** Where the parabola meets the straight lines, in units of the target; above 0. Default 1. */
  readonly delta?: number;
}

/**
 * Makes the Huber loss, d = prediction - target: l = d^2 / 2 for |d| <= delta, else delta (|d| - delta / 2); the
 * gradient is d, held within [-delta, delta]. Id `huber`.
 *
 * As delta grows it becomes half the squared error; as delta shrinks it goes to 0, and huber / delta to the absolute
 * error. The mean divides by the number of elements.
 * Source: P. J. Huber (1964), doi:10.1214/aoms/1177703732.
 * Predictions and targets have one shape, any, and one unit u: losses are in u^2, slopes and delta in u. NaN stays in
 * its own loss and slope; of an empty batch the sum is 0 and the mean NaN; arrays that come back are the caller's.
 * @throws LF_BAD_PARAMETER unless delta is above 0.
 */
export function huber<R extends Reduction = "mean">(
  options?: (HuberOptions & ElementwiseOptions<R>) | null,
): Loss<R> {
  return lossFromKernel(huberKernel, arrangeElements, options);
}

/** Reads the options of {@link huber}. */
export function huberKernel({ delta = 1 }: HuberOptions): Kernel {
  return {
    id: "huber",
    rules: { delta: [delta, ABOVE_0] },
    target: "real",
    evaluate({ prediction, target, rows }, out) {
      for (let i = 0; i < rows; i++) {
        const x = prediction[i]!;
        const t = target[i]!;
        const a = Math.abs(x - t);
        // (a / 2) * a cannot overflow before the loss does; in halves neither can the difference of far numbers, whose
        // loss is finite where delta is below 1 only: too little to be taken from it.
        if (a <= delta) out[i] = 0.5 * a * a;
        else if (a === Infinity) out[i] = 2 * delta * Math.abs(x / 2 - t / 2);
        else out[i] = delta * (a - delta / 2);
      }
    },
    differentiate({ prediction, target, rows }, out) {
      for (let i = 0; i < rows; i++) out[i] = Math.max(-delta, Math.min(delta, prediction[i]! - target[i]!));
    },
  };
}
