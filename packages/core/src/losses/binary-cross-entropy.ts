import { arrangeElements } from "../input/arrange-elements.ts";
import { checkProbabilities, checkTargets } from "../input/check-probabilities.ts";
import { numberFrom } from "../input/number-from.ts";
import { same } from "../input/refuse.ts";
import type { Convention, Loss, Reduction } from "../loss.ts";
import type { ElementwiseOptions } from "./assemble-loss.ts";
import type { Kernel } from "./kernel.ts";
import { listFrom } from "./list-from.ts";
import { lossFromKernel } from "./loss-from-kernel.ts";
import { sumOfParts } from "./part.ts";

/** Options of {@link binaryCrossEntropy}. */
export interface BinaryCrossEntropyOptions {
  /** Predictions are logits, not probabilities: id `bce_logits` instead of `bce`. Default false. */
  readonly fromLogits?: boolean;
  /** Moves each target to t (1 - e) + e / 2; from 0 to 1. Default 0. */
  readonly labelSmoothing?: number;
  /**
   * With logits: the factor of the positive part, one for all or one for each place of the last axis, whatever `classAxis`
   * says. Default none.
   */
  readonly posWeight?: number | ArrayLike<number> | null;
  /** With probabilities: whose arithmetic at the ends of [0, 1]. Default "exact". */
  readonly convention?: Exclude<Convention, "keras_tf">;
  /** Convention keras: p is held within [eps, 1 - eps], and the gradient is 0 outside. Default 1e-7. */
  readonly eps?: number;
  /** Convention torch: logarithms are held at this or above. Default -100. */
  readonly clampLog?: number;
  /** Convention torch: the gradient's denominator is held at this or above. Default 1e-12 rounded to float32. */
  readonly gradEps?: number;
}

/**
 * Makes the binary cross-entropy, one yes-or-no question an element, with targets t from 0 to 1 (multi-label, soft):
 *
 *     l = -t ln p - (1 - t) ln(1 - p)                           from probabilities p, with 0 ln 0 = 0
 *     l = pos_weight t softplus(-x) + (1 - t) softplus(x)       from logits x
 *
 * The second is the first for p = 1 / (1 + e^-x), as -ln p = softplus(-x) and -ln(1 - p) = softplus(x) = ln(1 + e^x):
 * two terms >= 0, so nothing cancels; softplus(x) = max(x, 0) + log1p(e^-|x|) cannot overflow. Gradients:
 * (p - t) / (p (1 - p)), and (1 - t) sigmoid(x) - pos_weight t sigmoid(-x), which keeps the digits that sigmoid(x) - 1
 * loses: over 1 + e^-|x| one of the two is 1, the other e^-|x|. Ids `bce` and `bce_logits`.
 * The mean divides by the number of elements, whatever the weights.
 * Source: as PyTorch's `BCELoss` and `BCEWithLogitsLoss`; D. R. Cox (1958), doi:10.1111/j.2517-6161.1958.tb00292.x.
 * Predictions and targets have one shape, any; losses are in nats, one an element. NaN stays in its own loss and
 * slope; of an empty batch the sum is 0 and the mean NaN; arrays that come back are the caller's.
 * @throws LF_BAD_PARAMETER; on use LF_PROBABILITY_OUT_OF_RANGE for predictions or targets outside [0, 1].
 */
export function binaryCrossEntropy<R extends Reduction = "mean">(
  options?: (BinaryCrossEntropyOptions & ElementwiseOptions<R>) | null,
): Loss<R> {
  return lossFromKernel(binaryCrossEntropyKernel, arrangeElements, options);
}

/** Reads the options of {@link binaryCrossEntropy}. */
export function binaryCrossEntropyKernel({
  fromLogits = false,
  labelSmoothing = 0,
  posWeight = null,
  convention = "exact",
  eps = 1e-7,
  clampLog = -100,
  gradEps = Math.fround(1e-12),
}: BinaryCrossEntropyOptions): Kernel {
  const isTorch = convention === "torch";
  const low = convention === "keras" ? eps : 0;
  const high = 1 - low;
  const floor = isTorch ? clampLog : -Infinity;
  const factors = listFrom(posWeight) as number | number[] | null;
  const weights = Float64Array.from([factors ?? 1].flat(), numberFrom);
  const width = weights.length;
  return {
    id: fromLogits ? "bce_logits" : "bce",
    rules: {
      labelSmoothing: [labelSmoothing, 0, 1],
      ...(fromLogits
        ? { posWeight: [factors, 0, Infinity, null] }
        : {
            convention: [convention, "exact", "torch", "keras"],
            eps: [eps, 0, 0.5],
            clampLog: [clampLog, -Infinity, 0],
            gradEps: [gradEps, 0, 1],
          }),
    },
    target: "probability",
    check(columns) {
      (fromLogits ? checkTargets : checkProbabilities)(columns);
      const { rows, width: given = 1 } = columns;
      // Flat columns do not tell how many there are in a row.
      if (width > 1 && (given > 1 || rows % width))
        same("LF_BAD_PARAMETER", "number of pos_weight", width, given > 1 ? given : rows);
    },
    evaluate({ prediction, target, rows }, out) {
      // Computed here V8 keeps them in registers; from outside it would look into their boxes for each element.
      const spread = numberFrom(labelSmoothing) / 2;
      const keep = 1 - 2 * spread;
      for (let i = 0, k = 0; i < rows; i++, k = k + 1 < width ? k + 1 : 0) {
        const x = prediction[i]!;
        const t = target[i]!;
        const yes = t * keep + spread;
        const no = (1 - t) * keep + spread;
        if (fromLogits) {
          const rest = Math.log1p(Math.exp(-Math.abs(x)));
          const w = weights[k]!;
          // No branch, which random logits would defeat. Infinite ones have no difference of halves.
          const half = x / 2;
          const far = Math.abs(half);
          const sum = yes * w * (far - half + rest) + no * (far + half + rest);
          if (x > -700 && sum === sum) out[i] = sum;
          // A weight below 1 would take digits from a denormal share, which counts beside what e^x leaves of the others.
          else if (x < 0 && w > 0 && w < 1) out[i] = sumOfParts(yes, -x * w, no, rest);
          else out[i] = sumOfParts(yes * w, (x < 0 ? -x : 0) + rest, no, (x > 0 ? x : 0) + rest);
        } else {
          const p = Math.max(low, Math.min(high, x));
          const q = 1 - p;
          // What rounding took from q, as a part of it: ln(1 - p) = ln q - lost.
          const lost = (q - 1 + p) / (q || -1);
          // A hard label needs one logarithm, chosen without a branch that random labels would defeat; 0 ln 0 is 0.
          if (yes + no === 1 && yes * no === 0)
            out[i] = 0 - Math.max(floor, Math.log(yes * p + no * q) - no * lost);
          else out[i] = 0 - yes * Math.max(floor, Math.log(p)) - no * Math.max(floor, Math.log(q) - lost);
        }
      }
    },
    differentiate({ prediction, target, rows }, out) {
      const spread = numberFrom(labelSmoothing) / 2;
      const keep = 1 - 2 * spread;
      for (let i = 0, k = 0; i < rows; i++, k = k + 1 < width ? k + 1 : 0) {
        // 1 / -0 is another infinity.
        const x = prediction[i]! + 0;
        const t = target[i]!;
        const yes = t * keep + spread;
        const no = (1 - t) * keep + spread;
        // p less the smoothed target, from differences that are exact next to each other.
        const d = x - t + labelSmoothing * (t - 0.5);
        const e = Math.exp(-Math.abs(x));
        if (fromLogits) out[i] = (no * (x < 0 ? e : 1) - yes * weights[k]! * (x < 0 ? 1 : e)) / (1 + e);
        else if (isTorch) out[i] = d / Math.max(x * (1 - x), gradEps);
        else if (x < low || x > high) out[i] = t - t;
        // A hard label leaves one term, which has its limit at p = 0 and 1.
        else out[i] = yes === 0 ? 1 / (1 - x) : no === 0 ? -1 / x : d / (x * (1 - x));
      }
    },
  };
}
