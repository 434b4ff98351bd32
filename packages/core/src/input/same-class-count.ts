import { LossflowError } from "../error.ts";

/** Refuses a number of things that must be one for each class. @throws LF_CLASS_COUNT_MISMATCH. */
export function sameClassCount(what: string, got: number | undefined, classes: number): void {
  if (got !== classes) {
    throw new LossflowError(
      "LF_CLASS_COUNT_MISMATCH",
      `There are ${got} ${what} for ${classes} classes: give one for each.`,
    );
  }
}
