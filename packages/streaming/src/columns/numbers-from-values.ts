import { doubleFromInteger } from "./double-from-integer.ts";
import { labelFromNumber, labelsFromNumbers } from "./label-from-number.ts";
import { formatGot, refusal, type Place } from "./place.ts";
import type { NumberReading, NumberRows } from "./numbers-from-column.ts";

/**
 * Reads decoded values (JSON, Parquet) as numbers. null and undefined are nulls; "NaN", "Infinity" and "-Infinity" are
 * the floats they name, since JSON has no other way to say them.
 * @throws LF_NOT_A_NUMBER, LF_UNKNOWN_LABEL, LF_INTEGER_NOT_EXACT, with the row.
 */
export function numbersFromValues(
  rows: ArrayLike<unknown>,
  place: Place,
  reading: NumberReading,
): NumberRows {
  const { classes } = reading;
  if (rows instanceof Float32Array || rows instanceof Float64Array)
    return { values: labelsFromNumbers(rows, classes), nulls: null };
  if (rows instanceof Int32Array || rows instanceof Uint32Array)
    return { values: labelsFromNumbers(Float64Array.from(rows), classes), nulls: null };
  const values = new Float64Array(rows.length);
  let nulls: Uint8Array | null = null;
  for (let i = 0; i < rows.length; i++) {
    const value = rows[i];
    if (value === null || value === undefined) (nulls ??= new Uint8Array(rows.length))[i] = 1;
    else values[i] = numberFromValue(value, place, i, reading);
  }
  return { values, nulls };
}

/** Reads one decoded value; `row` is where it stands. @throws as {@link numbersFromValues}. */
export function numberFromValue(value: unknown, place: Place, row: number, reading: NumberReading): number {
  const { classes } = reading;
  if (typeof value === "number") return classes === undefined ? value : labelFromNumber(value, classes);
  if (typeof value === "boolean") return value ? 1 : reading.falseIs;
  if (typeof value === "bigint") {
    const named = classes?.indexOf(String(value)) ?? -1;
    return named === -1 ? doubleFromInteger(value, place, row) : named;
  }
  if (typeof value === "string") return numberFromText(value, place, row, reading);
  throw refusal("LF_NOT_A_NUMBER", place, row, `${formatGot(value)} is not a number.`, {
    got: formatGot(value),
  });
}

/** Reads a text as a label of `classes`, or as one of the three non-finite numbers. */
export function numberFromText(text: string, place: Place, row: number, reading: NumberReading): number {
  if (reading.classes !== undefined) {
    const label = reading.classes.indexOf(text);
    if (label >= 0) return label;
    throw refusal(
      "LF_UNKNOWN_LABEL",
      place,
      row,
      `${formatGot(text)} is not among the classes ${formatGot(reading.classes.join(", "))}.`,
      { got: text },
    );
  }
  if (text === "NaN") return NaN;
  if (text === "Infinity") return Infinity;
  if (text === "-Infinity") return -Infinity;
  throw refusal(
    "LF_NOT_A_NUMBER",
    place,
    row,
    `${formatGot(text)} is text, not a number; ${reading.mayNameClasses === true ? "name the classes in order where it is a label" : "give numbers"}.`,
    { got: text },
  );
}
