import { LossflowError } from "../error.ts";
import { addExtremes } from "./add-extremes.ts";
import { addCounts, multiplyCounts, type Count } from "./count.ts";
import type { RunningLossState } from "./running-loss-state.ts";

/**
 * Adds all that `from` holds to `into`, `times` times over; `from` stays as it is. Any order and grouping of merges
 * gives the same state.
 * @throws LF_STATE_MISMATCH where the two were made with different options; LF_COUNT where `times` is no whole number
 *   from 0 on, or a number beyond 2^53.
 */
export function merge(into: RunningLossState, from: RunningLossState, times: Count = 1): void {
  if (!isAlike(into, from)) {
    throw new LossflowError(
      "LF_STATE_MISMATCH",
      "These running states were made with different options: merge states of one loss with one set of options.",
    );
  }
  for (const name of COUNTS) into[name] = addCounts(into[name], multiplyCounts(from[name], times));
  into.sum.merge(from.sum, times);
  into.weightSum.merge(from.weightSum, times);
  into.squares?.sum.merge(from.squares!.sum, times);
  into.squares?.weightSum.merge(from.squares!.weightSum, times);
  into.parts.forEach(({ sum }, k) => sum.merge(from.parts[k]!.sum, times));
  if (BigInt(times) === 0n) return;
  into.nonFiniteTerms |= from.nonFiniteTerms;
  if (from.min <= from.max) addExtremes(into, from.min, from.minRow, from.max, from.maxRow);
}

/** The counts of a state, in the order of its bytes. */
export const COUNTS = ["finite", "nan", "posInf", "negInf", "missing", "ignored", "zeroWeights"] as const;

function isAlike(a: RunningLossState, b: RunningLossState): boolean {
  return (
    a.nanPolicy === b.nanPolicy &&
    a.zeroWeight === b.zeroWeight &&
    (a.squares === null) === (b.squares === null) &&
    a.parts.length === b.parts.length &&
    a.parts.every(({ weighted }, k) => weighted === b.parts[k]!.weighted)
  );
}
