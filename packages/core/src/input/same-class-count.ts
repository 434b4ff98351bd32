import { refuse } from "./refuse.ts";

/** Refuses a number of things that must be one for each class. @throws LF_CLASS_COUNT_MISMATCH. */
export function sameClassCount(what: string, got: number | undefined, classes: number): void {
  if (got !== classes)
    refuse("LF_CLASS_COUNT_MISMATCH", `number of ${what}`, got, `${classes}, one for each class`);
}
