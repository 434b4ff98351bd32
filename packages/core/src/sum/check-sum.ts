import { refuse } from "../input/refuse.ts";
import type { ExactSum } from "./exact-sum.ts";

/** @throws LF_BAD_PARAMETER for what is no exact sum, from callers without types. */
export function checkSum(sum: Pick<ExactSum, "toDigits">): void {
  if (typeof (sum as ExactSum | null)?.toDigits !== "function")
    refuse("LF_BAD_PARAMETER", "sum", sum, "an exact sum");
}
