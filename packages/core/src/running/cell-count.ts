import { LossflowError } from "../error.ts";

/** Whether `x` is a count that a double holds exactly. */
export function isCount(x: number): boolean {
  return Number.isSafeInteger(x) && x >= 0;
}

/** @throws LF_COUNT for a count beyond 2^53, which doubles do not hold exactly. */
export function checkedCount(count: number): number {
  if (count <= Number.MAX_SAFE_INTEGER) return count;
  throw new LossflowError("LF_COUNT", "A cell of a table of running losses counts beyond 2^53.");
}
