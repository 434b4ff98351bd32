import { arrangeElements } from "../input/arrange-elements.ts";
import type { Loss, LossColumns, LossId, Reduction } from "../loss.ts";
import { placeOf, refuse } from "../input/refuse.ts";
import { checkChoice } from "./check-choice.ts";
import type { Kernel } from "./kernel.ts";
import { lossFromKernel, type ElementwiseOptions } from "./loss-from-kernel.ts";

export interface HingeOptions {
  /** How targets are written: -1 and 1 ("pm1", the default), or 0 and 1 ("01"). */
  readonly labels?: "pm1" | "01";
}

/**
 * Makes the hinge loss: l = max(0, 1 - t x), t = -1 or 1; gradient -t where t x < 1, else (at the kink too) 0. Id `hinge`.
 *
 * The mean divides by the number of elements.
 * @throws LF_BAD_PARAMETER; on use LF_LABEL_OUT_OF_RANGE for another target.
 */
export function hinge<R extends Reduction = "mean">(
  options: HingeOptions & ElementwiseOptions<R> = {},
): Loss<R> {
  return lossFromKernel(kernelFor("hinge", options.labels ?? "pm1"), options);
}

/**
 * Makes the squared hinge loss: l = max(0, 1 - t x)^2, t = -1 or 1; gradient -2 t max(0, 1 - t x). Id `squared_hinge`.
 *
 * The mean divides by the number of elements.
 * @throws LF_BAD_PARAMETER; on use LF_LABEL_OUT_OF_RANGE for another target.
 */
export function squaredHinge<R extends Reduction = "mean">(
  options: HingeOptions & ElementwiseOptions<R> = {},
): Loss<R> {
  return lossFromKernel(kernelFor("squared_hinge", options.labels ?? "pm1"), options);
}

function kernelFor(id: LossId, labels: "pm1" | "01"): Kernel {
  checkChoice(id, "labels", labels, "pm1", "01");
  const isSquared = id === "squared_hinge";
  // -1 and 1 as they are, 0 and 1 doubled less 1: no branch that random labels would defeat.
  const [factor, shift, low] = labels === "01" ? [2, -1, 0] : [1, 0, -1];
  return {
    id,
    params: { labels },
    unit: "element",
    arrange: arrangeElements,
    target: "sign",
    check({ target, rows, width = 1 }: LossColumns) {
      for (let i = 0; i < rows; i++) {
        const t = target[i]!;
        const sign = factor * t + shift;
        if (Math.abs(sign) === 1 || t !== t) continue;
        refuse("LF_LABEL_OUT_OF_RANGE", "target", t, `${low} or 1`, placeOf(i, width));
      }
    },
    evaluate({ prediction, target, rows }, out) {
      for (let i = 0; i < rows; i++) {
        const gap = 1 - prediction[i]! * (factor * target[i]! + shift);
        // max(0, gap) without a branch that random labels would defeat; a gap is no denormal, so halves are exact.
        const margin = 0.5 * gap + 0.5 * Math.abs(gap);
        out[i] = isSquared ? margin * margin : margin;
      }
    },
    differentiate({ prediction, target, rows }, out) {
      for (let i = 0; i < rows; i++) {
        const t = factor * target[i]! + shift;
        const margin = 1 - prediction[i]! * t;
        out[i] = margin <= 0 ? 0 : isSquared ? -2 * t * margin : margin === margin ? -t : margin;
      }
    },
  };
}
