import { LossflowError } from "../error.ts";
import { inRow, placeOf } from "./check-row.ts";
import { addCounts } from "./count.ts";
import type { RunningLossState } from "./running-loss-state.ts";

/** Counts a loss that is NaN or infinite. @throws LF_NON_FINITE under the policy `throw`. */
export function addNonFinite(state: RunningLossState, value: number, weight: number, row: number): void {
  if (state.nanPolicy === "throw") throw nonFiniteLoss(value, row);
  // What is no number at all, from callers without types, is NaN and never an infinity.
  const kind = value === Infinity ? "posInf" : value === -Infinity ? "negInf" : "nan";
  state[kind] = addCounts(state[kind], 1);
  const term = kind === "nan" ? Number.NaN : value * weight;
  state.nonFiniteTerms |= term > 0 ? 2 : term < 0 ? 4 : 1;
}

/** The refusal of a loss that is NaN or infinite. */
export function nonFiniteLoss(value: number, row: number): LossflowError {
  return new LossflowError(
    "LF_NON_FINITE",
    `The loss${inRow(row)} is ${value}: mend that row, or choose another policy for NaN than throw.`,
    { ...placeOf(row), got: String(value) },
  );
}
