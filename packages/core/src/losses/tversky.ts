import type { Loss, Reduction } from "../loss.ts";
import type { LossOptions } from "./assemble-loss.ts";
import type { DiceOptions } from "./dice.ts";
import { lossFromOverlap, overlapOf, type Overlap } from "./overlap.ts";

/** Options of {@link tversky}. */
export interface TverskyOptions extends DiceOptions {
  /** The factor of false positives, from 0. Default 0.5. */
  readonly alpha?: number;
  /** The factor of false negatives, from 0. Default 0.5. */
  readonly beta?: number;
}

/**
 * Makes the Tversky loss, one figure for all elements together:
 * 1 - (TP + smooth_num) / (TP + alpha FP + beta FN + smooth_den), with TP the sum of p t, FP of p (1 - t), FN of
 * (1 - p) t for probabilities p and targets t. Id `tversky`.
 *
 * Gradient by p, with N / D the fraction: (N (t + alpha (1 - t) - beta t) - t D) / D^2. There is no mean to form: "mean" and
 * "sum" give the figure, "none" an array with it. Weights multiply an element's part of each sum; under `per_sample` (preset
 * `keras`) those of samples, and masks, the figure. Without smoothing, nothing predicted where nothing is gives NaN.
 * Source: S. S. M. Salehi and others (2017), arXiv:1706.05721.
 * Predictions and targets have one shape, any, and neither they nor the figure have a unit. NaN makes the figure NaN,
 * as an empty batch does its mean; arrays that come back are the caller's.
 * @throws LF_BAD_PARAMETER; on use LF_PROBABILITY_OUT_OF_RANGE for predictions or targets outside [0, 1].
 */
export function tversky<R extends Reduction = "mean">(
  options?: (TverskyOptions & LossOptions<R>) | null,
): Loss<R> {
  return lossFromOverlap(tverskyOverlap, options);
}

/** Reads the options of {@link tversky}. */
export function tverskyOverlap({
  alpha = 0.5,
  beta = 0.5,
  smoothNum = 1,
  smoothDen = 1,
}: TverskyOptions): Overlap {
  const rules = {
    alpha: [alpha, 0],
    beta: [beta, 0],
    smoothNum: [smoothNum, 0],
    smoothDen: [smoothDen, 0],
  } as const;
  return overlapOf("tversky", rules, { alpha, beta, above: smoothNum, below: smoothDen });
}
