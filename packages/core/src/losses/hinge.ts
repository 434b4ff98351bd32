import { arrangeElements } from "../input/arrange-elements.ts";
import { checkRange } from "../input/check-range.ts";
import { outOfSteps } from "../input/out-of-steps.ts";
import type { Loss, Reduction } from "../loss.ts";
import type { ElementwiseOptions } from "./assemble-loss.ts";
import type { Kernel } from "./kernel.ts";
import { lossFromKernel } from "./loss-from-kernel.ts";

/** Options of {@link hinge} and {@link squaredHinge}. */
export interface HingeOptions {
  /** How targets are written: -1 and 1 ("pm1", the default), 0 and 1 ("01"), or as Keras has it ("auto"): as 0 and 1 where none is -1. */
  readonly labels?: "pm1" | "01" | "auto";
}

/**
 * Makes the hinge loss: l = max(0, 1 - t x), t = -1 or 1; gradient -t where t x < 1, else (at the kink too) 0. Id `hinge`.
 *
 * The mean divides by the number of elements.
 * Source: C. Cortes, V. Vapnik (1995), doi:10.1007/BF00994018.
 * Scores and targets have one shape, any, and no unit; one loss an element. NaN stays in its own loss and slope; of
 * an empty batch the sum is 0 and the mean NaN; arrays that come back are the caller's.
 * @throws LF_BAD_PARAMETER; on use LF_LABEL_OUT_OF_RANGE for another target.
 */
export function hinge<R extends Reduction = "mean">(
  options?: (HingeOptions & ElementwiseOptions<R>) | null,
): Loss<R> {
  return lossFromKernel(hingeKernel, arrangeElements, options);
}

/**
 * Makes the squared hinge loss: l = max(0, 1 - t x)^2, t = -1 or 1; gradient -2 t max(0, 1 - t x). Id `squared_hinge`.
 *
 * The mean divides by the number of elements.
 * Source: Keras's `SquaredHinge`, after C. Cortes, V. Vapnik (1995), doi:10.1007/BF00994018.
 * Scores and targets have one shape, any, and no unit; one loss an element. NaN stays in its own loss and slope; of
 * an empty batch the sum is 0 and the mean NaN; arrays that come back are the caller's.
 * @throws LF_BAD_PARAMETER; on use LF_LABEL_OUT_OF_RANGE for another target.
 */
export function squaredHinge<R extends Reduction = "mean">(
  options?: (HingeOptions & ElementwiseOptions<R>) | null,
): Loss<R> {
  return lossFromKernel(squaredHingeKernel, arrangeElements, options);
}

/** Reads the options of {@link hinge}. */
export function hingeKernel(options: HingeOptions): Kernel {
  return hingeOf(false, options);
}

/** Reads the options of {@link squaredHinge}. */
export function squaredHingeKernel(options: HingeOptions): Kernel {
  return hingeOf(true, options);
}

function hingeOf(isSquared: boolean, { labels = "pm1" }: HingeOptions): Kernel {
  return {
    id: isSquared ? "squared_hinge" : "hinge",
    rules: { labels: [labels, "pm1", "01", "auto"] },
    target: "sign",
    check(columns) {
      const { target, rows } = columns;
      const isSigned =
        labels === "pm1" || (labels === "auto" && new Float64Array(target).subarray(0, rows).includes(-1));
      const low = isSigned ? -1 : 0;
      const code = "LF_LABEL_OUT_OF_RANGE";
      checkRange("target", columns, low, 1, code, `${low} or 1`, outOfSteps(1 / (1 - low)));
    },
    // 0 counts as -1, without a branch that random labels would defeat.
    evaluate({ prediction, target, rows }, out) {
      for (let i = 0; i < rows; i++) {
        const label = target[i]!;
        const gap = 1 - prediction[i]! * (label * (label + 1) - 1);
        // max(0, gap) without a branch that random labels would defeat; a gap is no denormal, so halves are exact.
        const half = 0.5 * gap + 0.5 * Math.abs(gap);
        const margin = half === half ? half : Math.max(0, gap);
        out[i] = isSquared ? margin * margin : margin;
      }
    },
    differentiate({ prediction, target, rows }, out) {
      for (let i = 0; i < rows; i++) {
        const label = target[i]!;
        const t = label * (label + 1) - 1;
        const margin = 1 - prediction[i]! * t;
        out[i] = margin <= 0 ? 0 : isSquared ? -2 * t * margin : margin === margin ? -t : margin;
      }
    },
  };
}
