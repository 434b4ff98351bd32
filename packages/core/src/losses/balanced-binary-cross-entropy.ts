import { arrangeElements } from "../input/arrange-elements.ts";
import type { WeighedColumns } from "../input/arrangement.ts";
import { checkProbabilities, checkTargets } from "../input/check-probabilities.ts";
import type { Loss, Reduction, WholeLoss } from "../loss.ts";
import { addExactly } from "../sum/add-exactly.ts";
import type { ElementwiseOptions } from "./assemble-loss.ts";
import type { Kernel, Loops } from "./kernel.ts";
import { lossFromKernel } from "./loss-from-kernel.ts";
import { notDecomposable } from "./not-decomposable.ts";
import { part, sumOfParts } from "./part.ts";

/** Options of {@link balancedBinaryCrossEntropy}. */
export interface BalancedBinaryCrossEntropyOptions {
  /** Predictions are logits, not probabilities: id `balanced_bce_logits` instead of `balanced_bce`. Default false. */
  readonly fromLogits?: boolean;
  /** The factor of the positive part, from 0 to 1; "batch" (default) takes the share of negatives in the batch. */
  readonly beta?: number | "batch";
}

/**
 * Makes the class-balanced cross-entropy, for one answer that is rarer than the other:
 *
 *     l = beta t (-ln p) + (1 - beta) (1 - t) (-ln(1 - p)),    beta = negatives / all
 *
 * from probabilities p, or from logits, where -ln p = softplus(-x) and -ln(1 - p) = softplus(x). With beta "batch"
 * the targets of all elements left in are counted (soft ones by their share), and beta is a constant for the gradient;
 * a stream takes it from the whole result. A batch of one class costs 0. Ids `balanced_bce` and `balanced_bce_logits`.
 * Gradient: -beta t / p + (1 - beta) (1 - t) / (1 - p); (1 - beta) (1 - t) sigmoid(x) - beta t sigmoid(-x).
 * The mean divides by the number of elements. Source: arXiv:1504.06375, eq. 2.
 * Predictions and targets have one shape, any; losses are in nats, one an element. NaN stays in its own loss and
 * slope; of an empty batch the sum is 0 and the mean NaN; arrays that come back are the caller's.
 * @throws LF_BAD_PARAMETER; on use LF_PROBABILITY_OUT_OF_RANGE for predictions or targets outside [0, 1].
 */
export function balancedBinaryCrossEntropy<R extends Reduction = "mean">(
  options?: (BalancedBinaryCrossEntropyOptions & ElementwiseOptions<R>) | null,
): Loss<R> {
  return lossFromKernel(
    balancedBinaryCrossEntropyKernel,
    arrangeElements,
    options,
    ({ id, whole }) => whole && { whole, decomposable: false, unreduced: notDecomposable(id) },
  );
}

/** Reads the options of {@link balancedBinaryCrossEntropy}; there is a whole where a beta is to be found. */
export function balancedBinaryCrossEntropyKernel({
  fromLogits = false,
  beta = "batch",
}: BalancedBinaryCrossEntropyOptions): Kernel & Pick<Loss, "whole"> {
  const check = fromLogits ? checkTargets : checkProbabilities;
  /** The loops under the beta of a batch, for which all of it must be seen first. */
  const loops = ({ target, rows, weight }: WeighedColumns): Loops => {
    if (beta !== "batch") return loopsOf(fromLogits, beta, 1 - beta);
    const sumOf = (share: (t: number) => number): number =>
      addExactly(
        new Float64Array(rows).map((_, i) => {
          const t = target[i]!;
          return t === t && weight?.[i] !== 0 ? share(t) : 0;
        }),
      );
    // Each on its own: of targets next to 1 their difference from a count would have few digits.
    const positive = sumOf((t) => t);
    const negative = sumOf((t) => 1 - t);
    const count = positive + negative;
    return loopsOf(fromLogits, negative / count, positive / count);
  };
  /** The sums from which any stream forms the loss under its own beta. */
  const whole: WholeLoss = {
    parts: ["positive_loss", "negative_loss", "positives", "negatives"].map((name, k) => ({
      name,
      weighted: k < 2,
    })),
    evaluate(columns, [positiveLoss, negativeLoss, positives, negatives]) {
      check(columns);
      loopsOf(fromLogits, 1, 0).evaluate(columns, positiveLoss!);
      loopsOf(fromLogits, 0, 1).evaluate(columns, negativeLoss!);
      const { prediction, target, rows } = columns;
      for (let i = 0; i < rows; i++) {
        const t = target[i]!;
        // All parts of an element are NaN together, so that none counts without the others.
        const one = prediction[i] === prediction[i] ? 1 : Number.NaN;
        positives![i] = t * one;
        negatives![i] = (1 - t) * one;
      }
    },
    value([positiveLoss, negativeLoss, positives, negatives], weightSum) {
      const count = positives! + negatives!;
      const sum =
        count === 0 ? 0 : part(negatives! / count, positiveLoss!) + part(positives! / count, negativeLoss!);
      return { sum, mean: sum / weightSum };
    },
  };
  return {
    id: fromLogits ? "balanced_bce_logits" : "balanced_bce",
    rules: { beta: typeof beta === "number" ? [beta, 0, 1] : [beta, "batch"] },
    target: "probability",
    check,
    evaluate: (columns, out) => loops(columns).evaluate(columns, out),
    differentiate: (columns, out) => loops(columns).differentiate(columns, out),
    ...(beta === "batch" && { whole }),
  };
}

/** `gain` multiplies the positive part, `loss` the negative one. */
function loopsOf(fromLogits: boolean, gain: number, loss: number): Loops {
  return {
    evaluate({ prediction, target, rows }, out) {
      for (let i = 0; i < rows; i++) {
        const x = prediction[i]!;
        const t = target[i]!;
        const yes = gain * t;
        const no = loss * (1 - t);
        if (fromLogits) {
          const tail = Math.log1p(Math.exp(-Math.abs(x)));
          out[i] = sumOfParts(yes, (x < 0 ? -x : 0) + tail, no, (x > 0 ? x : 0) + tail);
        } else {
          // ln(1 - x) = ln q + rest / q for the rounded q: cheaper than log1p.
          const q = 1 - x;
          out[i] = sumOfParts(yes, -Math.log(x), no, -Math.log(q) - (1 - q - x) / (q || 1));
        }
      }
    },
    differentiate({ prediction, target, rows }, out) {
      for (let i = 0; i < rows; i++) {
        // 1 / -0 is another infinity.
        const x = prediction[i]! + 0;
        const t = target[i]!;
        const yes = gain * t;
        const no = loss * (1 - t);
        const e = Math.exp(-Math.abs(x));
        if (fromLogits) out[i] = (no * (x < 0 ? e : 1) - yes * (x < 0 ? 1 : e)) / (1 + e);
        // 0 / 0 is 0; where a number is NaN, so is the first term. Next to 0 a reciprocal would be beyond the largest number.
        else out[i] = part(no, 1 / (1 - x)) - (yes / x || 0);
      }
    },
  };
}
