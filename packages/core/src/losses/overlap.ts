import { arrangeElements } from "../input/arrange-elements.ts";
import type { WeighedColumns } from "../input/arrangement.ts";
import { checkProbabilities } from "../input/check-probabilities.ts";
import { flatTensor } from "../input/flat-tensor.ts";
import { weightsFromOptions } from "../input/weights-from-options.ts";
import type { Loss, Reduction, WholeLoss } from "../loss.ts";
import { exactProducts } from "../reduce/exact-products.ts";
import { addExactly } from "../sum/add-exactly.ts";
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
 * formed as (alpha F + beta M + (below - above)) / D, which does not cancel. Gradient by p:
 * (alpha N (1 - t) - t (D - N + beta N)) / D^2.
 */
export function overlapOf(
  id: "dice" | "tversky",
  rules: Rules,
  { alpha, beta, above, below }: OverlapTerms,
): Overlap {
  return {
    id,
    rules,
    target: "probability",
    whole: {
      parts: ["hits", "false_alarms", "misses"].map((part) => ({ name: part, weighted: true })),
      evaluate(columns, [hits, falseAlarms, misses]) {
        const { prediction, target, rows } = columns;
        checkProbabilities(columns);
        for (let i = 0; i < rows; i++) {
          const p = prediction[i]!;
          const t = target[i]!;
          hits![i] = p * t;
          falseAlarms![i] = p * (1 - t);
          misses![i] = (1 - p) * t;
        }
      },
      value([hits, falseAlarms, misses], weightSum) {
        const wrong = alpha * falseAlarms! + beta * misses!;
        const figure = (wrong + (below - above)) / (wrong + hits! + below);
        return weightSum > 0 ? { sum: figure, mean: figure } : { sum: 0, mean: Number.NaN };
      },
    },
    slopes([hits, falseAlarms, misses], { target, rows, weight }) {
      const wrong = alpha * falseAlarms! + beta * misses!;
      const numerator = hits! + above;
      const denominator = wrong + hits! + below;
      const gradient = new Float64Array(rows);
      for (let i = 0; i < rows; i++) {
        const t = target[i]!;
        const slope = alpha * numerator * (1 - t) - t * (wrong + (below - above) + beta * numerator);
        const w = weight?.[i] ?? 1;
        gradient[i] = w === 0 ? 0 : (w * (slope / denominator)) / denominator;
      }
      return gradient;
    },
  };
}

/** Computes the exact sums of the parts times their weights, rounded once. @throws LF_PROBABILITY_OUT_OF_RANGE. */
export function sumsOfParts(whole: WholeLoss, columns: WeighedColumns): number[] {
  const { rows, weight } = columns;
  const quick = weight ? null : quickSums(columns);
  if (quick) return quick;
  const columnsOfParts = whole.parts.map(() => new Float64Array(rows));
  whole.evaluate(columns, columnsOfParts);
  return columnsOfParts.map((part) => addExactly(weight ? exactProducts(part, weight, 1) : part));
}

/**
 * Computes the exact sums of the parts, rounded once, where all are inside and what is lost cannot change how they round, else null.
 *
 * From 2^-20 on float32 predictions are multiples of 2^-43, and so is what they leave of 1: beside hard labels plain sums of 1,024
 * lose nothing, nor do those made of them. Others begin at 2^13, below which rounding takes at most 2^-40 of each number,
 * without error (see addExactly); those rests together stay below 2^-28, and lose at most 2^-82 for each row.
 */
function quickSums({ prediction, target, rows }: WeighedColumns): number[] | null {
  // Two of each part a block.
  const size = 2 * Math.ceil(rows / 1024);
  const terms = new Float64Array(3 * size);
  let k = 0;
  const add = (hits: number, falseAlarms: number, misses: number): void => {
    terms[k] = hits;
    terms[k + size] = falseAlarms;
    terms[k++ + 2 * size] = misses;
  };
  for (let from = 0; from < rows; from += 1024) {
    const end = Math.min(rows, from + 1024);
    let i = prediction instanceof Float32Array ? from : end;
    let hits = 0;
    let falseAlarms = 0;
    let misses = 0;
    for (; i < end; i++) {
      const p = prediction[i]!;
      const t = target[i]!;
      if (!(p >= 2 ** -20 && p <= 1 && t * t === t)) break;
      hits += p * t;
      falseAlarms += p;
      misses += t;
    }
    // Infinity is its square too.
    if (i === end && falseAlarms && misses <= 1024) {
      add(hits, falseAlarms - hits, misses - hits);
      continue;
    }
    let ofHits = 0;
    let ofFalseAlarms = 0;
    let ofMisses = 0;
    hits = falseAlarms = misses = 2 ** 13;
    for (i = from; i < end; i++) {
      const p = prediction[i]!;
      const t = target[i]!;
      const pRest = 1 - p;
      const tRest = 1 - t;
      if (!(p * pRest >= 0 && t * tRest >= 0)) return null;
      const nextHits = hits + p * t;
      ofHits += p * t - (nextHits - hits);
      hits = nextHits;
      const nextFalseAlarms = falseAlarms + p * tRest;
      ofFalseAlarms += p * tRest - (nextFalseAlarms - falseAlarms);
      falseAlarms = nextFalseAlarms;
      const nextMisses = misses + pRest * t;
      ofMisses += pRest * t - (nextMisses - misses);
      misses = nextMisses;
    }
    add(hits - 2 ** 13, falseAlarms - 2 ** 13, misses - 2 ** 13);
    add(ofHits, ofFalseAlarms, ofMisses);
  }
  const lost = rows * 2 ** -82;
  const sums = [0, 1, 2].map((part) => {
    const levels = [0];
    const sum = addExactly(terms.subarray(part * size, (part + 1) * size), size, levels);
    const error = levels.at(-2)!;
    // No part is below 0: sums of 0 have lost nothing.
    return sum && sum + (error + lost) !== sum + (error - lost) ? Number.NaN : sum;
  });
  return sums.some(Number.isNaN) ? null : sums;
}

/**
 * Makes a loss of an overlap: weights multiply an element's part of each sum. With `perSample`, as in Keras, they are those of samples,
 * leave the parts alone, and the figure times each of them is reduced.
 */
export function lossFromOverlap<R extends Reduction, O extends object>(
  read: (options: O) => Overlap,
  options: (O & LossOptions<R>) | null | undefined,
): Loss<R> {
  const own = options ?? ({} as O & LossOptions<R>);
  const overlap = read(own);
  const { id, whole, slopes } = overlap;
  const compute: Compute = (prediction, target, given, reduction, isGradient, perSample) => {
    const arranged = arrangeElements(
      flatTensor(prediction, "prediction"),
      flatTensor(target, "target"),
      given,
    );
    const [rows] = arranged.axes as [number];
    const [weight, divisor] = perSample
      ? weightsFromOptions({}, { ...arranged, rows, width: 1, axes: [rows] }, given, reduction, perSample)
      : weightsFromOptions({}, arranged, given, "weighted_mean", perSample);
    const ofSamples = perSample && weight;
    const columns = { ...arranged, weight: ofSamples ? null : weight };
    const sums = sumsOfParts(whole, columns);
    const factor = ofSamples ? addExactly(ofSamples) / divisor : 1;
    if (isGradient) return slopes(sums, columns).map((slope) => slope * (factor || 0));
    const figure = whole.value(sums, divisor)[reduction === "sum" ? reduction : "mean"];
    return ofSamples && reduction === "none"
      ? ofSamples.map((w) => w * figure)
      : Float64Array.of(figure * factor);
  };
  const unreduced = notDecomposable(id);
  return assembleLoss(overlap, own, compute, { unreduced, decomposable: false, whole });
}
