import { LossflowError } from "../error.ts";

/** Makes the error for one number out of its range: what it is, where it stands and what was expected there. */
export function refusedValue(
  code: `LF_${string}`,
  what: string,
  value: unknown,
  row: number,
  column: number | undefined,
  expected: string,
): LossflowError {
  const where = column === undefined ? `row ${row}` : `row ${row}, column ${column}`;
  return new LossflowError(code, `The ${what} in ${where} must be ${expected}; got ${String(value)}.`, {
    row,
    ...(column === undefined ? {} : { column }),
    expected,
    got: String(value),
  });
}
