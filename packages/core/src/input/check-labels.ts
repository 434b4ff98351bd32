import type { LossColumns } from "../loss.ts";
import { refuse } from "./refuse.ts";
import { sameClassCount } from "./same-class-count.ts";

/**
 * Refuses labels that are no whole number from 0 to `classes - 1` and not `ignoreIndex`. NaN passes: its loss is NaN.
 * @throws LF_LABEL_OUT_OF_RANGE with `row`.
 */
export function checkLabels({ target, rows, classes }: LossColumns, ignoreIndex: number | null = null): void {
  for (let r = 0; r < rows; r++) {
    const label = target[r]!;
    if ((label < 0 || label >= classes || label % 1 !== 0) && label === label && label !== ignoreIndex) {
      const or = ignoreIndex === null ? "" : `, or ${ignoreIndex} to be ignored`;
      const expected = `a whole number from 0 to ${classes - 1}${or}`;
      refuse("LF_LABEL_OUT_OF_RANGE", "label", label, expected, { row: r });
    }
  }
}

/** @throws LF_CLASS_COUNT_MISMATCH unless there is one weight for each class. */
export function checkClassWeight(
  classWeight: readonly number[] | null,
  { rows, classes }: LossColumns,
): void {
  if (classWeight !== null && rows > 0) sameClassCount("class weights", classWeight.length, classes);
}
