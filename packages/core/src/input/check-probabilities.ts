import type { WeighedColumns } from "./arrangement.ts";
import { checkRange, type NextOutside } from "./check-range.ts";
import { outOfRange } from "./out-of-range.ts";
import { outOfUnit } from "./out-of-unit.ts";

/** Refuses targets outside [0, 1]. @throws LF_PROBABILITY_OUT_OF_RANGE with `row` and `column`. */
export function checkTargets(
  columns: WeighedColumns,
  what: "target" | "prediction" = "target",
  nextOutside: NextOutside = outOfRange,
): boolean {
  return checkRange(
    what,
    columns,
    0,
    1,
    "LF_PROBABILITY_OUT_OF_RANGE",
    "a probability from 0 to 1",
    nextOutside,
  );
}

/** Refuses predictions, then targets outside [0, 1]. @throws as {@link checkTargets}. */
export function checkProbabilities(columns: WeighedColumns): void {
  checkTargets(columns, "prediction", outOfUnit);
  checkTargets(columns, "target", outOfUnit);
}
