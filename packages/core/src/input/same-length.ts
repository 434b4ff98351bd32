import { refuse } from "./refuse.ts";

/** Refuses a number of things, or sizes as "2 x 3", that is not the one needed. @throws LF_LENGTH_MISMATCH. */
export function sameLength(what: string, got: number | string, expected: number | string): void {
  if (got !== expected) refuse("LF_LENGTH_MISMATCH", `number of ${what}`, got, String(expected));
}
