import type { LossColumns } from "../loss.ts";
import { checkRange } from "./check-range.ts";

/**
 * Refuses targets outside [0, 1], by even the last bit; nothing is clamped in silence.
 * @throws LF_PROBABILITY_OUT_OF_RANGE with `row` and `column`.
 */
export function checkTargets(columns: LossColumns): void {
  checkRange(columns.target, columns, 0, 1, "LF_PROBABILITY_OUT_OF_RANGE", "target", EXPECTED);
}

/** Refuses predictions outside [0, 1]. @throws as {@link checkTargets}. */
export function checkPredictions(columns: LossColumns): void {
  checkRange(columns.prediction, columns, 0, 1, "LF_PROBABILITY_OUT_OF_RANGE", "prediction", EXPECTED);
}

/** Refuses predictions and targets outside [0, 1]. @throws as {@link checkTargets}. */
export function checkProbabilities(columns: LossColumns): void {
  checkPredictions(columns);
  checkTargets(columns);
}

const EXPECTED = "a probability from 0 to 1";
