import type { Loss, Reduction } from "../loss.ts";
import { elementKernel } from "./element-kernel.ts";
import { lossFromKernel, type ElementwiseOptions } from "./loss-from-kernel.ts";

/**
 * Makes the log-cosh loss: l = ln cosh d, d = prediction - target; gradient tanh d. Id `log_cosh`.
 *
 * Since cosh d = (e^|d| + e^-|d|) / 2, l = |d| + log1p(e^-2|d|) - ln 2, which cannot overflow but cancels near 0. There
 * cosh d - 1 = 2 sinh(d / 2)^2 gives l = log1p(2 sinh(d / 2)^2). The mean divides by the number of elements.
 */
export function logCosh<R extends Reduction = "mean">(options: ElementwiseOptions<R> = {}): Loss<R> {
  return lossFromKernel(
    elementKernel(
      "log_cosh",
      {},
      "real",
      (x, t) => {
        const a = Math.abs(x - t);
        return a < 1 ? Math.log1p(2 * Math.sinh(a / 2) ** 2) : a + Math.log1p(Math.exp(-2 * a)) - Math.LN2;
      },
      (x, t) => Math.tanh(x - t),
    ),
    options,
  );
}
