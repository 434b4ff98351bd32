import { LossflowError } from "../error.ts";
import { inRow, placeOf } from "./check-row.ts";
import { addCounts } from "./count.ts";
import type { RunningLossState } from "./running-loss-state.ts";

/** Counts a loss that is NaN or infinite. @throws LF_NON_FINITE under the policy `throw`. */
export function addNonFinite(state: RunningLossState, value: number, weight: number, row: number): void {
  if (state.nanPolicy === "throw") throw nonFiniteLoss(value, row);
  const kind = Number.isNaN(value) ? "nan" : value > 0 ? "posInf" : "negInf";
  state[kind] = addCounts(state[kind], 1);
  const term = value * weight;
  state.nonFiniteTerms |= Number.isNaN(term) ? 1 : term > 0 ? 2 : 4;
}

/** The refusal of a loss that is NaN or infinite. */
export function nonFiniteLoss(value: number, row: number): LossflowError {
  return new LossflowError(
    "LF_NON_FINITE",
    `The loss${inRow(row)} is ${value}: mend that row, or choose another policy for NaN than throw.`,
    { ...placeOf(row), got: String(value) },
  );
}
