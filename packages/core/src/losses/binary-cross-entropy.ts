import { arrangeElements } from "../input/arrange-elements.ts";
import { checkProbabilities, checkTargets } from "../input/check-probabilities.ts";
import { sameClassCount } from "../input/same-class-count.ts";
import type { Convention, Loss, Reduction } from "../loss.ts";
import { checkChoice } from "./check-choice.ts";
import { checkNumber } from "./check-number.ts";
import type { Kernel } from "./kernel.ts";
import { classWeightsFrom } from "./class-weights-from.ts";
import { lossFromKernel, type ElementwiseOptions } from "./loss-from-kernel.ts";
import { sumOfParts } from "./part.ts";

export interface BinaryCrossEntropyOptions {
  /** Predictions are logits, not probabilities: id `bce_logits` instead of `bce`. Default false. */
  readonly fromLogits?: boolean;
  /** Moves each target to t (1 - e) + e / 2; from 0 to 1. Default 0. */
  readonly labelSmoothing?: number;
  /** With logits: the factor of the positive part, one for all or one for each column (the last axis). Default none. */
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
 * @throws LF_BAD_PARAMETER; on use LF_PROBABILITY_OUT_OF_RANGE for predictions or targets outside [0, 1].
 */
export function binaryCrossEntropy<R extends Reduction = "mean">(
  options: BinaryCrossEntropyOptions & ElementwiseOptions<R> = {},
): Loss<R> {
  return lossFromKernel(options.fromLogits === true ? onLogits(options) : onProbabilities(options), options);
}

function onLogits({ labelSmoothing = 0, posWeight = null }: BinaryCrossEntropyOptions): Kernel {
  checkNumber("bce_logits", "label_smoothing", labelSmoothing, 0, 1);
  const each = typeof posWeight === "number" ? [posWeight] : posWeight;
  const weights = classWeightsFrom("bce_logits", "pos_weight", each) ?? [1];
  const width = weights.length;
  const keep = 1 - labelSmoothing;
  const spread = labelSmoothing / 2;
  return {
    id: "bce_logits",
    params: {
      label_smoothing: labelSmoothing,
      pos_weight: posWeight === each && each !== null ? weights : posWeight,
    },
    unit: "element",
    arrange: arrangeElements,
    target: "probability",
    check(columns) {
      checkTargets(columns);
      const given = columns.width ?? columns.rows;
      if (columns.rows % width !== 0 || (given > 1 && given % width !== 0)) {
        sameClassCount("pos_weight", width, given);
      }
    },
    evaluate({ prediction, target, rows }, out) {
      for (let i = 0, k = 0; i < rows; i++) {
        const x = prediction[i]!;
        const t = target[i]!;
        const rest = Math.log1p(Math.exp(-Math.abs(x)));
        out[i] = sumOfParts(
          (t * keep + spread) * weights[k]!,
          (x < 0 ? -x : 0) + rest,
          (1 - t) * keep + spread,
          (x > 0 ? x : 0) + rest,
        );
        if (++k === width) k = 0;
      }
    },
    differentiate({ prediction, target, rows }, out) {
      for (let i = 0, k = 0; i < rows; i++) {
        const x = prediction[i]!;
        const t = target[i]!;
        const e = Math.exp(-Math.abs(x));
        const yes = (t * keep + spread) * weights[k]! * (x < 0 ? 1 : e);
        out[i] = (((1 - t) * keep + spread) * (x < 0 ? e : 1) - yes) / (1 + e);
        if (++k === width) k = 0;
      }
    },
  };
}

function onProbabilities(options: BinaryCrossEntropyOptions): Kernel {
  const { labelSmoothing = 0, convention = "exact", eps = 1e-7, clampLog = -100 } = options;
  const { gradEps = Math.fround(1e-12) } = options;
  checkNumber("bce", "label_smoothing", labelSmoothing, 0, 1);
  checkChoice("bce", "convention", convention, "exact", "torch", "keras");
  checkNumber("bce", "eps", eps, 0, 0.5);
  checkNumber("bce", "clamp_log", clampLog, -Infinity, 0);
  checkNumber("bce", "grad_eps", gradEps, 0, 1);
  const torch = convention === "torch";
  const low = convention === "keras" ? eps : 0;
  const high = 1 - low;
  const floor = torch ? clampLog : -Infinity;
  const keep = 1 - labelSmoothing;
  const spread = labelSmoothing / 2;
  return {
    id: "bce",
    params: { label_smoothing: labelSmoothing, convention, eps, clamp_log: clampLog, grad_eps: gradEps },
    unit: "element",
    arrange: arrangeElements,
    target: "probability",
    check: checkProbabilities,
    evaluate({ prediction, target, rows }, out) {
      for (let i = 0; i < rows; i++) {
        const p = Math.max(low, Math.min(high, prediction[i]!));
        const yes = target[i]! * keep + spread;
        const no = (1 - target[i]!) * keep + spread;
        // A hard label needs one logarithm, and 0 ln 0 is 0.
        let loss = 0;
        if (yes !== 0) loss -= yes * Math.max(floor, Math.log(p));
        if (no !== 0) loss -= no * Math.max(floor, Math.log1p(-p));
        out[i] = loss;
      }
    },
    differentiate({ prediction, target, rows }, out) {
      for (let i = 0; i < rows; i++) {
        const p = prediction[i]!;
        const t = target[i]!;
        // p less the smoothed target, from differences that are exact next to each other.
        const d = p - t + labelSmoothing * (t - 0.5);
        if (torch) out[i] = d / Math.max(p * (1 - p), gradEps);
        else if (p < low || p > high) out[i] = 0;
        // A hard label leaves one term, which has its limit at p = 0 and 1.
        else if (t * keep + spread === 0) out[i] = 1 / (1 - p);
        else if ((1 - t) * keep + spread === 0) out[i] = -1 / p;
        else out[i] = d / (p * (1 - p));
      }
    },
  };
}
