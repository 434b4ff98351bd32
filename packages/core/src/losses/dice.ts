import { numberFrom } from "../input/number-from.ts";
import type { Loss, Reduction } from "../loss.ts";
import type { LossOptions } from "./assemble-loss.ts";
import { lossFromOverlap, overlapOf, type Overlap } from "./overlap.ts";

/** Options of {@link dice}. */
export interface DiceOptions {
  /** Added to the numerator, from 0. Default 1. */
  readonly smoothNum?: number;
  /** Added to the denominator, from 0. Default 1. */
  readonly smoothDen?: number;
}

/**
 * Makes the Dice loss, one figure for all elements together: 1 - (2 I + smooth_num) / (P + T + smooth_den), with I the
 * sum of p t, P of the probabilities p, T of the targets t. Id `dice`. It is the Tversky loss with alpha = beta = 1/2.
 *
 * Gradient by p, with N / D the fraction: (N - 2 t D) / D^2. There is no mean to form: "mean" and "sum" give the figure,
 * "none" an array with it. Weights multiply an element's part of each sum; under `per_sample` (preset `keras`) those of
 * samples, and masks, the figure. Without smoothing, nothing predicted where nothing is gives NaN.
 * Source: F. Milletari and others (2016), arXiv:1606.04797.
 * Predictions and targets have one shape, any, and neither they nor the figure have a unit. NaN makes the figure NaN,
 * as an empty batch does its mean; arrays that come back are the caller's.
 * @throws LF_BAD_PARAMETER; on use LF_PROBABILITY_OUT_OF_RANGE for predictions or targets outside [0, 1].
 */
export function dice<R extends Reduction = "mean">(options?: (DiceOptions & LossOptions<R>) | null): Loss<R> {
  return lossFromOverlap(diceOverlap, options);
}

/** Reads the options of {@link dice}. */
export function diceOverlap({ smoothNum = 1, smoothDen = 1 }: DiceOptions): Overlap {
  // P + T = 2 I + F + M: half of numerator and denominator.
  const terms = { alpha: 0.5, beta: 0.5, above: numberFrom(smoothNum) / 2, below: numberFrom(smoothDen) / 2 };
  return overlapOf("dice", { smoothNum: [smoothNum, 0], smoothDen: [smoothDen, 0] }, terms);
}
