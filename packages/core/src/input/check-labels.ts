import type { WeighedColumns } from "./arrangement.ts";
import { checkRange } from "./check-range.ts";
import { outOfSteps } from "./out-of-steps.ts";

/**
 * Refuses labels that are no whole number from 0 to `classes - 1` and not `ignoreIndex`. NaN passes: its loss is NaN.
 * @throws LF_LABEL_OUT_OF_RANGE with `row`.
 */
export function checkLabels(columns: WeighedColumns, ignoreIndex: number | null = null): void {
  const last = columns.classes - 1;
  const or = ignoreIndex === null ? "" : `, or ${ignoreIndex} to be ignored`;
  checkRange(
    "label",
    { ...columns, classes: 1, label: columns.target },
    0,
    last,
    "LF_LABEL_OUT_OF_RANGE",
    `a whole number from 0 to ${last}${or}`,
    outOfSteps(1),
    ignoreIndex,
  );
}
