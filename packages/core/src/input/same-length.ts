import { LossflowError } from "../error.ts";

/** Refuses columns that do not go together. @throws LF_LENGTH_MISMATCH. */
export function sameLength(what: string, length: number, expected: number): void {
  if (length === expected) return;
  throw new LossflowError("LF_LENGTH_MISMATCH", `There are ${length} ${what} where ${expected} are needed.`, {
    expected: String(expected),
    got: String(length),
  });
}
