import { LossflowError } from "../error.ts";

/** @throws LF_WEIGHT_OUT_OF_RANGE where the weight is not finite. */
export function checkWeight(weight: number, row: number): void {
  if (Number.isFinite(weight)) return;
  throw new LossflowError(
    "LF_WEIGHT_OUT_OF_RANGE",
    `The weight${inRow(row)} is ${weight}: weights are finite numbers; use 0 to leave a row out.`,
    { ...placeOf(row), got: String(weight) },
  );
}

/** @throws LF_LENGTH_MISMATCH where there are not as many `others` as `losses`. */
export function checkLength(name: string, others: ArrayLike<unknown> | undefined, losses: number): void {
  if (others === undefined || others.length === losses) return;
  throw new LossflowError(
    "LF_LENGTH_MISMATCH",
    `There are ${others.length} ${name} for ${losses} losses: give one for each.`,
    { expected: String(losses), got: String(others.length) },
  );
}

/** " of row 7", or nothing where the row is not known. */
export function inRow(row: number): string {
  return row === Infinity ? "" : ` of row ${row}`;
}

/** The row as a field of an error, where it is known. */
export function placeOf(row: number): { row?: number } {
  return row === Infinity ? {} : { row };
}
