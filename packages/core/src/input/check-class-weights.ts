import type { LossColumns } from "../loss.ts";
import { same } from "./refuse.ts";

/** @throws LF_BAD_PARAMETER unless there is one weight for each class, or none. */
export function checkClassWeights(
  what: string,
  weights: readonly number[] | null,
  { rows, classes }: LossColumns,
): void {
  if (weights && rows > 0) same("LF_BAD_PARAMETER", `number of ${what}`, weights.length, classes);
}
