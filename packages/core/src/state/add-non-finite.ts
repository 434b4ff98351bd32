import { numberFrom } from "../input/number-from.ts";
import { refuse } from "../input/refuse.ts";
import { addCounts } from "./count.ts";
import type { NanPolicy, RunningLossState } from "./running-loss-state.ts";

/** Counts a loss that is NaN or infinite. @throws LF_NON_FINITE under the policy `throw`. */
export function addNonFinite(state: RunningLossState, value: number, weight: number, row: number): void {
  checkPolicy(state.nanPolicy, value, row);
  // What is no number at all, from callers without types, is NaN and never an infinity.
  const kind = value === Infinity ? "posInf" : value === -Infinity ? "negInf" : "nan";
  state[kind] = addCounts(state[kind], 1);
  const term = numberFrom(value) * weight;
  state.nonFiniteTerms |= term > 0 ? 2 : term < 0 ? 4 : 1;
}

/** @throws LF_NON_FINITE under the policy `throw`, naming the row where it is known. */
export function checkPolicy(policy: NanPolicy, value: number, row: number): void {
  if (policy === "throw") refuse("LF_NON_FINITE", "loss", value, "finite, or the policy not throw", row);
}
