import type { LossColumns } from "../loss.ts";
import { refusedValue } from "./refused-value.ts";
import { sameClassCount } from "./same-class-count.ts";

/**
 * Refuses labels that are no whole number from 0 to `classes - 1` and not `ignoreIndex`, and class weights that are not
 * one for each class. NaN passes: its loss is NaN.
 * @throws LF_LABEL_OUT_OF_RANGE with `row`; LF_CLASS_COUNT_MISMATCH.
 */
export function checkLabels(
  { target, rows, classes }: LossColumns,
  ignoreIndex: number | null,
  classWeight: readonly number[] | null,
): void {
  checkClassWeight(classWeight, rows, classes);
  for (let r = 0; r < rows; r++) {
    const label = target[r]!;
    if ((label < 0 || label >= classes || label % 1 !== 0) && label === label && label !== ignoreIndex) {
      const or = ignoreIndex === null ? "" : `, or ${ignoreIndex} to be ignored`;
      const expected = `a whole number from 0 to ${classes - 1}${or}`;
      throw refusedValue("LF_LABEL_OUT_OF_RANGE", "label", label, r, undefined, expected);
    }
  }
}

/** @throws LF_CLASS_COUNT_MISMATCH unless there is one weight for each class. */
export function checkClassWeight(classWeight: readonly number[] | null, rows: number, classes: number): void {
  if (classWeight !== null && rows > 0) sameClassCount("class weights", classWeight.length, classes);
}
