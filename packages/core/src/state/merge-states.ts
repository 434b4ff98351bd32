import { same } from "../input/refuse.ts";
import type { ExactSum } from "../sum/exact-sum.ts";
import { checkState } from "./check-row.ts";
import { addExtremes } from "./add-extremes.ts";
import { checkCount } from "../sum/check-count.ts";
import { addCounts, type Count } from "./count.ts";
import type { RunningLossState } from "./running-loss-state.ts";

/**
 * Adds all that `from` holds to `into`, `times` times over; `from` stays as it is. Any order and grouping of merges
 * gives the same state.
 * @throws LF_STATE_MISMATCH where the two were made with different options; LF_COUNT where `times` is no whole number
 *   from 0 on, or a number beyond 2^53.
 */
export function merge(into: RunningLossState, from: RunningLossState, times: Count = 1): void {
  checkState(into);
  checkState(from);
  same("LF_STATE_MISMATCH", "options of a running loss to merge", optionsOf(from), optionsOf(into));
  for (const name of COUNTS) into[name] = addCounts(into[name], BigInt(from[name]) * checkCount(times));
  const sums = sumsOf(from);
  sumsOf(into).forEach((sum, k) => sum.merge(sums[k]!, times));
  if (!times) return;
  into.nonFiniteTerms |= from.nonFiniteTerms;
  addExtremes(into, from.min, from.minRow, from.max, from.maxRow);
}

/** The counts of a state, in the order of its bytes. */
export const COUNTS = ["finite", "nan", "posInf", "negInf", "missing", "ignored", "zeroWeights"] as const;

/** All the sums that a state keeps, always in this order. */
export function sumsOf({ sum, weightSum, squares, parts }: RunningLossState): ExactSum[] {
  return [
    sum,
    weightSum,
    ...(squares ? [squares.sum, squares.weightSum] : []),
    ...parts.map((part) => part.sum),
  ];
}

function optionsOf({ nanPolicy, zeroWeight, squares, parts }: RunningLossState): string {
  return String([nanPolicy, zeroWeight, squares && "squares", ...parts.map(({ weighted }) => weighted)]);
}
