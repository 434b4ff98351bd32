import { refuse, same } from "../input/refuse.ts";

/** @throws LF_WEIGHT_OUT_OF_RANGE where the weight is not finite. */
export function checkWeight(weight: number, row: number): void {
  if (!Number.isFinite(weight))
    refuse("LF_WEIGHT_OUT_OF_RANGE", "weight", weight, "a finite number (0 leaves a row out)", knownRow(row));
}

/** @throws LF_LENGTH_MISMATCH where there are not as many `others` as `losses`. */
export function checkLength(name: string, others: ArrayLike<unknown> | undefined, losses: number): void {
  if (others) same("LF_LENGTH_MISMATCH", `number of ${name}`, others.length, losses);
}

/** The row, where it is known. */
export function knownRow(row: number): number | undefined {
  return row < Infinity ? row : undefined;
}
