import { arrangeElements } from "../input/arrange-elements.ts";
import type { WeighedColumns } from "../input/arrangement.ts";
import { checkProbabilities } from "../input/check-probabilities.ts";
import { flatTensor } from "../input/flat-tensor.ts";
import { weightsFromOptions } from "../input/weights-from-options.ts";
import type { Loss, Reduction, WholeLoss } from "../loss.ts";
import { exactMeans } from "../reduce/exact-means.ts";
import { exactProducts } from "../reduce/exact-products.ts";
import { assembleLoss, type Compute, type LossOptions } from "./assemble-loss.ts";
import type { Kernel } from "./kernel.ts";
import { notDecomposable } from "./not-decomposable.ts";
import type { Rules } from "./parameters.ts";

/** The factors of false positives and false negatives, and what is added to numerator and denominator. */
export interface OverlapTerms {
  readonly alpha: number;
  readonly beta: number;
  readonly above: number;
  readonly below: number;
}

/** A loss of all elements together, its options read. */
export interface Overlap extends Pick<Kernel, "id" | "rules" | "target"> {
  readonly whole: WholeLoss;
  /** Forms the derivative of the figure by each prediction from the parts' sums. */
  readonly slopes: (sums: readonly number[], columns: WeighedColumns) => Float64Array;
}

/**
 * Makes a loss of how far predicted and true areas overlap, one figure for all elements together. With the sums
 * T = p t, F = p (1 - t), M = (1 - p) t (hits, false alarms, misses):
 *
 *     loss = 1 - N / D,    N = T + above,    D = T + alpha F + beta M + below
 *
 * formed as (alpha F + beta M + below - above) / D, which does not cancel. Gradient by p:
 * (alpha N (1 - t) - t (D - N + beta N)) / D^2.
 */
export function overlapOf(
  id: "dice" | "tversky",
  rules: Rules,
  { alpha, beta, above, below }: OverlapTerms,
): Overlap {
  const excessOf = (falseAlarms: number, misses: number): number =>
    alpha * falseAlarms + beta * misses + (below - above);
  return {
    id,
    rules,
    target: "probability",
    whole: {
      parts: ["hits", "false_alarms", "misses"].map((part) => ({ name: part, weighted: true })),
      evaluate(columns, [hits, falseAlarms, misses]) {
        const { prediction, target, rows } = columns;
        let isInside = true;
        for (let i = 0; i < rows; i++) {
          const p = prediction[i]!;
          const t = target[i]!;
          hits![i] = p * t;
          falseAlarms![i] = p * (1 - t);
          misses![i] = (1 - p) * t;
          isInside &&= p >= 0 && p <= 1 && t >= 0 && t <= 1;
        }
        // Which one is not, and whether it counts: NaN may stay, and what weighs nothing.
        if (!isInside) checkProbabilities(columns);
      },
      value([hits, falseAlarms, misses], weightSum) {
        const excess = excessOf(falseAlarms!, misses!);
        const figure = excess / (excess + hits! + above);
        return weightSum > 0 ? { sum: figure, mean: figure } : { sum: 0, mean: Number.NaN };
      },
    },
    slopes([hits, falseAlarms, misses], { target, rows, weight = null }) {
      const excess = excessOf(falseAlarms!, misses!);
      const numerator = hits! + above;
      const denominator = excess + numerator;
      const gradient = new Float64Array(rows);
      for (let i = 0; i < rows; i++) {
        const t = target[i]!;
        const slope = alpha * numerator * (1 - t) - t * (excess + beta * numerator);
        const w = weight === null ? 1 : weight[i]!;
        gradient[i] = w === 0 ? 0 : (w * (slope / denominator)) / denominator;
      }
      return gradient;
    },
  };
}

/** Makes a loss of an overlap: weights multiply an element's part of each sum. */
export function lossFromOverlap<R extends Reduction, O extends object>(
  read: (options: O) => Overlap,
  options: (O & LossOptions<R>) | null | undefined,
): Loss<R> {
  const own = options ?? ({} as O & LossOptions<R>);
  const overlap = read(own);
  const { id, whole, slopes } = overlap;
  const compute: Compute = (prediction, target, given, reduction, isGradient) => {
    const arranged = arrangeElements(
      flatTensor(prediction, "prediction"),
      flatTensor(target, "target"),
      given,
    );
    const [weight, weightSum] = weightsFromOptions({}, arranged, given, "weighted_mean", false);
    const columns = { ...arranged, weight };
    const parts = whole.parts.map(() => new Float64Array(columns.rows));
    whole.evaluate(columns, parts);
    const sums = parts.map(
      (part) => exactMeans(() => (weight === null ? part : exactProducts(part, weight, 1)))[0]!,
    );
    if (!isGradient)
      return Float64Array.of(whole.value(sums, weightSum)[reduction === "sum" ? reduction : "mean"]);
    return slopes(sums, columns);
  };
  const unreduced = notDecomposable(id);
  return assembleLoss(overlap, own, compute, { unreduced, decomposable: false, whole });
}
