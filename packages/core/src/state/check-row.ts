import { numberFrom } from "../input/number-from.ts";
import { refuse, same } from "../input/refuse.ts";
import type { Numbers } from "../loss.ts";
import type { RunningLossState } from "./running-loss-state.ts";

/**
 * Refuses what toBytes would write and fromBytes not read.
 * @throws LF_BAD_PARAMETER where the row is no number from 0, LF_WEIGHT_OUT_OF_RANGE where its weight is not finite.
 */
export function checkRow(row: number, weight: number): void {
  if (!(numberFrom(row) >= 0)) refuse("LF_BAD_PARAMETER", "row", row, "a number from 0");
  if (!Number.isFinite(weight))
    refuse("LF_WEIGHT_OUT_OF_RANGE", "weight", weight, "a finite number (0 leaves a row out)", row);
}

/** @throws LF_LENGTH_MISMATCH where there are not as many `others` as `losses`. */
export function checkLength(name: string, others: ArrayLike<unknown> | null, losses: number): void {
  if (others !== null) same("LF_LENGTH_MISMATCH", `number of ${name}`, others.length, losses);
}

/** @throws LF_BAD_PARAMETER for what is no state, LF_NOT_A_NUMBER for losses that are no array, from callers without types. */
export function checkState(state: RunningLossState, losses: Numbers | null = []): void {
  if (!(state as RunningLossState | null)?.weightSum?.toDigits)
    refuse("LF_BAD_PARAMETER", "running loss", state, "what create made");
  if (typeof losses?.length !== "number") refuse("LF_NOT_A_NUMBER", "losses", losses, "an array of numbers");
}
