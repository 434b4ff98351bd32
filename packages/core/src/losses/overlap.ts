import { arrangeElements } from "../input/arrange-elements.ts";
import { batchFromTensors } from "../input/batch-from-tensors.ts";
import { checkProbabilities } from "../input/check-probabilities.ts";
import type { Loss, LossColumns, LossId, LossValue, Reduction, WholeLoss } from "../loss.ts";
import { exactQuotient } from "../reduce/exact-quotient.ts";
import type { Kernel } from "./kernel.ts";
import { inWidthOf, lossFromKernel, type LossOptions } from "./loss-from-kernel.ts";
import { refuseUnreduced } from "./refuse-unreduced.ts";

/** The factors of false positives and false negatives, and what is added to numerator and denominator. */
export interface OverlapTerms {
  readonly alpha: number;
  readonly beta: number;
  readonly above: number;
  readonly below: number;
}

/**
 * Makes a loss of how far predicted and true areas overlap, one figure for all elements together. With the sums
 * T = p t, F = p (1 - t), M = (1 - p) t (hits, false alarms, misses):
 *
 *     loss = 1 - N / D,    N = T + above,    D = T + alpha F + beta M + below
 *
 * formed as (alpha F + beta M + below - above) / D, which does not cancel. Gradient by p:
 * (alpha N (1 - t) - t (D - N + beta N)) / D^2. Weights multiply an element's part of each sum.
 */
export function lossFromOverlap<R extends Reduction>(
  id: LossId,
  params: Readonly<Record<string, unknown>>,
  { alpha, beta, above, below }: OverlapTerms,
  options: LossOptions<R>,
): Loss<R> {
  const whole: WholeLoss = {
    parts: [
      { name: "hits", weighted: true },
      { name: "false_alarms", weighted: true },
      { name: "misses", weighted: true },
    ],
    evaluate(columns, [hits, falseAlarms, misses]) {
      checkProbabilities(columns);
      for (let i = 0; i < columns.rows; i++) {
        const p = columns.prediction[i]!;
        const t = columns.target[i]!;
        hits![i] = p * t;
        falseAlarms![i] = p * (1 - t);
        misses![i] = (1 - p) * t;
      }
    },
    value([hits, falseAlarms, misses], weightSum) {
      const excess = alpha * falseAlarms! + beta * misses! + (below - above);
      const figure = excess / (excess + hits! + above);
      return weightSum === 0 ? { sum: 0, mean: Number.NaN } : { sum: figure, mean: figure };
    },
  };
  const kernel: Kernel = {
    id,
    params,
    unit: "element",
    arrange: arrangeElements,
    target: "probability",
    whole,
    check: checkProbabilities,
    evaluate: () => refuseUnreduced(id),
    differentiate: () => refuseUnreduced(id),
    unreduced: () => refuseUnreduced(id),
  };
  const loss = lossFromKernel(kernel, options);
  const { reduction } = loss;

  return {
    ...loss,
    value(prediction, target, given = {}) {
      const { columns, weight } = batchFromTensors(kernel, prediction, target, given, "sum", false);
      const { rows } = columns;
      const { sum, mean } = whole.value(
        partsOf(whole, columns, weight),
        weight === null ? rows : exactQuotient(weight, null, 0, rows),
      );
      const figure = reduction === "sum" ? sum : mean;
      if (reduction === "none")
        return inWidthOf(prediction, Float64Array.of(figure), given.out) as LossValue<R>;
      return (prediction instanceof Float32Array ? Math.fround(figure) : figure) as LossValue<R>;
    },
    gradient(prediction, target, given = {}) {
      const { columns, weight } = batchFromTensors(kernel, prediction, target, given, "sum", false);
      const [hits, falseAlarms, misses] = partsOf(whole, columns, weight);
      const excess = alpha * falseAlarms! + beta * misses! + (below - above);
      const numerator = hits! + above;
      const denominator = excess + numerator;
      const gradient = new Float64Array(columns.rows);
      for (let i = 0; i < columns.rows; i++) {
        const w = weight === null ? 1 : weight[i]!;
        const t = columns.target[i]!;
        const slope = alpha * numerator * (1 - t) - t * (excess + beta * numerator);
        gradient[i] = w === 0 ? 0 : (w * (slope / denominator)) / denominator;
      }
      return inWidthOf(prediction, gradient, given.out);
    },
  };
}

function partsOf(whole: WholeLoss, columns: LossColumns, weight: Float64Array | null): number[] {
  const parts = whole.parts.map(() => new Float64Array(columns.rows));
  whole.evaluate(columns, parts);
  return parts.map((part) => exactQuotient(part, weight, 0, columns.rows));
}
