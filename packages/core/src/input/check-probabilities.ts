import type { LossColumns } from "../loss.ts";
import { checkRange } from "./check-range.ts";

/**
 * Refuses predictions or targets outside [0, 1], by even the last bit; nothing is clamped in silence.
 * @throws LF_PROBABILITY_OUT_OF_RANGE with `row` and `column`.
 */
export function checkProbabilities(columns: LossColumns, what: "prediction" | "target"): void {
  checkRange(columns[what], columns, 0, 1, "LF_PROBABILITY_OUT_OF_RANGE", what, "a probability from 0 to 1");
}
