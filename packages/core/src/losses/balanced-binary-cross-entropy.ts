import { arrangeElements } from "../input/arrange-elements.ts";
import { checkProbabilities, checkTargets } from "../input/check-probabilities.ts";
import type { Loss, LossId, Reduction, WholeLoss } from "../loss.ts";
import { exactQuotient } from "../reduce/exact-quotient.ts";
import { checkParameter } from "./check-parameter.ts";
import type { Kernel } from "./kernel.ts";
import { lossFromKernel, type ElementwiseOptions } from "./loss-from-kernel.ts";
import { part, sumOfParts } from "./part.ts";
import { refuseUnreduced } from "./refuse-unreduced.ts";

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
 * The mean divides by the number of elements. Source: arXiv:1504.06375, eq. 2.
 * @throws LF_BAD_PARAMETER; on use LF_PROBABILITY_OUT_OF_RANGE for predictions or targets outside [0, 1].
 */
export function balancedBinaryCrossEntropy<R extends Reduction = "mean">(
  options: BalancedBinaryCrossEntropyOptions & ElementwiseOptions<R> = {},
): Loss<R> {
  const { fromLogits = false, beta = "batch" } = options;
  const id = fromLogits ? "balanced_bce_logits" : "balanced_bce";
  const known = beta === "batch" || (beta >= 0 && beta <= 1);
  checkParameter(known, id, "beta", beta, '"batch" or a number from 0 to 1');
  if (beta !== "batch") return lossFromKernel(kernelFor(id, beta, beta, 1 - beta), options);
  return lossFromKernel(
    {
      ...kernelFor(id, beta, 0.5, 0.5),
      whole: wholeOf(id),
      unreduced: () => refuseUnreduced(id),
      forBatch({ target }) {
        const known = Float64Array.from(target).filter((t) => t === t);
        const count = known.length;
        const positive = exactQuotient(known, null, 0, count);
        return kernelFor(id, beta, (count - positive) / count, positive / count);
      },
    },
    options,
  );
}

/** `gain` multiplies the positive part, `loss` the negative one. */
function kernelFor(id: LossId, beta: number | "batch", gain: number, loss: number): Kernel {
  const fromLogits = id === "balanced_bce_logits";
  return {
    id,
    params: { beta },
    unit: "element",
    arrange: arrangeElements,
    target: "probability",
    check: fromLogits ? checkTargets : checkProbabilities,
    evaluate({ prediction, target, rows }, out) {
      for (let i = 0; i < rows; i++) {
        const x = prediction[i]!;
        const t = target[i]!;
        const rest = fromLogits ? Math.log1p(Math.exp(-Math.abs(x))) : 0;
        const yes = fromLogits ? (x < 0 ? -x : 0) + rest : -Math.log(x);
        const no = fromLogits ? (x > 0 ? x : 0) + rest : -Math.log1p(-x);
        out[i] = sumOfParts(gain * t, yes, loss * (1 - t), no);
      }
    },
    differentiate({ prediction, target, rows }, out) {
      for (let i = 0; i < rows; i++) {
        const x = prediction[i]!;
        const t = target[i]!;
        const e = Math.exp(-Math.abs(x));
        if (fromLogits) out[i] = (loss * (1 - t) * (x < 0 ? e : 1) - gain * t * (x < 0 ? 1 : e)) / (1 + e);
        else out[i] = part(loss * (1 - t), 1 / (1 - x)) - part(gain * t, 1 / x);
      }
    },
  };
}

/** The sums from which any stream forms the loss under its own beta. */
function wholeOf(id: LossId): WholeLoss {
  const fromLogits = id === "balanced_bce_logits";
  return {
    parts: [
      { name: "positive_loss", weighted: true },
      { name: "negative_loss", weighted: true },
      { name: "positives", weighted: false },
      { name: "count", weighted: false },
    ],
    evaluate(columns, [positiveLoss, negativeLoss, positives, counts]) {
      if (fromLogits) checkTargets(columns);
      else checkProbabilities(columns);
      for (let i = 0; i < columns.rows; i++) {
        const p = columns.prediction[i]!;
        const t = columns.target[i]!;
        // All parts of an element are NaN together, so that none counts without the others.
        const nan = p === p && t === t ? 0 : Number.NaN;
        const rest = fromLogits ? Math.log1p(Math.exp(-Math.abs(p))) : 0;
        positiveLoss![i] = part(t, fromLogits ? (p < 0 ? -p : 0) + rest : -Math.log(p)) + nan;
        negativeLoss![i] = part(1 - t, fromLogits ? (p > 0 ? p : 0) + rest : -Math.log1p(-p)) + nan;
        positives![i] = t + nan;
        counts![i] = 1 + nan;
      }
    },
    value([positiveLoss, negativeLoss, positives, count], weightSum) {
      const beta = (count! - positives!) / count!;
      const sum = count === 0 ? 0 : part(beta, positiveLoss!) + part(positives! / count!, negativeLoss!);
      return { sum, mean: sum / weightSum };
    },
  };
}
