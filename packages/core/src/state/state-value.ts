import { refuse } from "../input/refuse.ts";
import type { Reduction, WholeLoss } from "../loss.ts";
import { ExactSum } from "../sum/exact-sum.ts";
import { quotientFromIntegers } from "../sum/quotient-from-integers.ts";
import { checkState } from "./check-row.ts";
import { addCounts, type Count } from "./count.ts";
import { sumsOf } from "./merge-states.ts";
import type { RunningLossState } from "./running-loss-state.ts";

/** What a running state says when it is read; each number is rounded once, from the exact sums. */
export interface RunningLossValue {
  /** count + missing + ignored. */
  readonly rows: Count;
  /** finite + nan + posInf + negInf: the losses evaluated. */
  readonly count: Count;
  readonly finite: Count;
  readonly nan: Count;
  readonly posInf: Count;
  readonly negInf: Count;
  readonly missing: Count;
  readonly ignored: Count;
  /** The sum of weight * loss; 0 of nothing; an infinity where it is beyond float64. */
  readonly sum: number;
  readonly weightSum: number;
  /** sum / weightSum; null where the weights add up to 0, as those of no rows do. */
  readonly mean: number | null;
  /** Of the finite losses, unweighted; null where there are none or the loss depends on the whole. */
  readonly min: number | null;
  readonly max: number | null;
  /** The first row each came from; null where rows were not named. */
  readonly minRow: number | null;
  readonly maxRow: number | null;
}

/**
 * Reads a running state. For a loss that depends on the whole, `whole` forms sum and mean from the sums of its parts.
 * NaN and infinities show in sum and mean as the state's policy says.
 */
export function value(state: RunningLossState, whole?: WholeLoss): RunningLossValue {
  checkState(state);
  const { finite, nan, posInf, negInf, missing, ignored } = state;
  const count = [nan, posInf, negInf].reduce(addCounts, finite);
  return {
    rows: [missing, ignored].reduce(addCounts, count),
    count,
    finite,
    nan,
    posInf,
    negInf,
    missing,
    ignored,
    weightSum: weightSumOf(state, whole).value(),
    sum: reduce(state, "sum", whole)!,
    mean: reduce(state, "mean", whole),
    min: known(state.min),
    max: known(state.max),
    minRow: known(state.minRow),
    maxRow: known(state.maxRow),
  };
}

/** The reductions that a running state can be read as. */
export type RunningReduction = Exclude<Reduction, "none" | "batchmean"> | "mean_by_count";

/**
 * Reads one figure, the exact sum of weight * loss over its denominator, rounded once; null where that is 0.
 *
 * | reduction | denominator |
 * | --- | --- |
 * | `sum` | 1 |
 * | `mean`, `weighted_mean`, `mean_with_sample_weight` | the sum of the weights |
 * | `mean_by_count` | the finite losses |
 * | `sum_by_nonzero_weights` | the finite losses whose weight is not 0 |
 * | `sum_over_batch_size` | the finite losses and the rows ignored |
 *
 * A state does not tell rows ignored for their label from those of weight 0, which alone Keras counts: where labels are ignored, its
 * figure is `mean_by_count`.
 *
 * For a loss that depends on the whole, `whole` forms it from the sums of the parts, over the same denominator.
 * @throws LF_REDUCTION for any other name.
 */
export function reduce(
  state: RunningLossState,
  reduction: RunningReduction,
  whole?: WholeLoss,
): number | null {
  checkState(state);
  const divisor = reduction === "sum" ? state.weightSum : denominator(state, reduction, whole);
  const term = nonFiniteTerm(state);
  if (term !== null) return term;
  if (!whole) {
    if (reduction === "sum") return state.sum.value();
    // What has parts alone has no mean without its loss.
    return divisor.isZero || state.parts.length > 0 ? null : state.sum.quotient(divisor);
  }
  const { sum, mean } = whole.value(
    state.parts.map((part) => part.sum.value()),
    divisor.value(),
  );
  if (reduction === "sum") return sum;
  return Number.isNaN(mean) ? null : mean;
}

/** How the losses scatter. Null where it does not exist: no weights, a root of less than 0, a single row for the standard error. */
export interface Spread {
  /** Sum of weight * (loss - mean)^2 over the sum of the weights. */
  readonly variance: number | null;
  /** The square root of the variance. */
  readonly deviation: number | null;
  /** The standard error of the mean of independent rows: sqrt(variance / (effectiveRows - 1)). */
  readonly standardError: number | null;
  /** Kish's effective sample size, (sum of weights)^2 / (sum of weights^2); without weights the number of rows. */
  readonly effectiveRows: number | null;
}

/**
 * Reads how the losses scatter around their mean, from the exact sums: nothing cancels.
 *
 * With W, V, S, Q the sums of w, w^2, w l, w l^2: variance = (W Q - S^2) / W^2, effective rows = W^2 / V.
 * Source: L. Kish, Survey Sampling, 1965, section 11.7.
 * @throws LF_STATE_SQUARES where the state was made without squares.
 */
export function spread(state: RunningLossState): Spread {
  checkState(state);
  if (!state.squares)
    refuse("LF_STATE_SQUARES", "option squares of a running loss with a spread", false, "true");
  const rationals = sumsOf(state).map((sum) => sum.toRational());
  // All in units of 2^unit, and products in units of its square.
  const unit = Math.min(0, ...rationals.map(({ exponent }) => exponent));
  const [s, w, q, v] = rationals.map(({ integer, exponent }) => integer << BigInt(exponent - unit)) as [
    bigint,
    bigint,
    bigint,
    bigint,
  ];
  const scatter = w * q - s * s;
  const square = w * w;
  const squares = v << BigInt(-unit);
  const surplus = square - squares;
  const none = square === 0n || nonFiniteTerm(state) !== null;
  const variance = none ? null : quotientFromIntegers(scatter, square);
  return {
    variance,
    deviation: none || scatter < 0n ? null : Math.sqrt(variance!),
    standardError:
      none || surplus <= 0n ? null : Math.sqrt(quotientFromIntegers(scatter * squares, square * surplus)),
    effectiveRows: none ? null : quotientFromIntegers(square, squares),
  };
}

/** What the non-finite terms make of every sum, under the state's policy; null where they do not touch it. */
export function nonFiniteTerm({
  nanPolicy,
  nonFiniteTerms,
}: Pick<RunningLossState, "nanPolicy" | "nonFiniteTerms">): number | null {
  const terms = nanPolicy === "propagate" ? nonFiniteTerms : nanPolicy === "skip" ? nonFiniteTerms & 6 : 0;
  if (terms === 0) return null;
  return terms === 2 ? Infinity : terms === 4 ? -Infinity : Number.NaN;
}

function denominator(state: RunningLossState, reduction: RunningReduction, whole?: WholeLoss): ExactSum {
  switch (reduction) {
    case "mean":
    case "weighted_mean":
    case "mean_with_sample_weight":
      return weightSumOf(state, whole);
    case "mean_by_count":
      return sumOfCounts(state.finite);
    case "sum_by_nonzero_weights":
      return sumOfCounts(BigInt(state.finite) - BigInt(state.zeroWeights));
    case "sum_over_batch_size":
      return sumOfCounts(addCounts(state.finite, state.ignored));
    default:
      return refuse(
        "LF_REDUCTION",
        "reduction of a running loss",
        reduction,
        "mean, sum, mean_by_count, sum_by_nonzero_weights or sum_over_batch_size",
      );
  }
}

function known(x: number): number | null {
  return Number.isFinite(x) ? x : null;
}

function weightSumOf({ parts, weightSum }: RunningLossState, whole?: WholeLoss): ExactSum {
  return parts[whole?.weightPart ?? -1]?.sum ?? weightSum;
}

function sumOfCounts(count: Count): ExactSum {
  const sum = new ExactSum();
  sum.addRepeated(1, count);
  return sum;
}
