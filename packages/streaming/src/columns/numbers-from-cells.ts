import { cellReader } from "./cell-reader.ts";
import type { CellsColumn } from "./column.ts";
import { doubleFromInteger } from "./double-from-integer.ts";
import { numberFromDecimal } from "./number-from-decimal.ts";
import type { NumberReading, NumberRows } from "./numbers-from-column.ts";
import { numberFromText, numberFromValue } from "./numbers-from-values.ts";
import { formatGot, refusal, type Place } from "./place.ts";

const EXACT_POWERS = Float64Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));

/**
 * Reads CSV cells as numbers, correctly rounded. Spaces around a number do not count; an empty cell is null; nan, inf
 * and infinity in any case, with or without a sign, are floats.
 * @throws LF_NOT_A_NUMBER, LF_UNKNOWN_LABEL where `classes` are given, LF_INTEGER_NOT_EXACT, with row and line.
 */
export function numbersFromCells(column: CellsColumn, place: Place, reading: NumberReading): NumberRows {
  const { bytes, starts, ends, length } = column;
  const values = new Float64Array(length);
  const textOf = cellReader(column);
  let nulls: Uint8Array | null = null;
  // A long number is read as text: all of it is decoded once, a character a byte.
  let characters: string | undefined;
  for (let i = 0; i < length; i++) {
    let start = starts[i]!;
    let end = ends[i]!;
    while (start < end && isBlank(bytes[start]!)) start++;
    while (start < end && isBlank(bytes[end - 1]!)) end--;
    if (start === end) {
      (nulls ??= new Uint8Array(length))[i] = 1;
    } else if (reading.classes === undefined) {
      const value = decimalFromBytes(bytes, start, end);
      if (value !== undefined) values[i] = value;
      else {
        characters ??= new TextDecoder("latin1").decode(bytes.slice());
        const long = numberFromDecimal(characters.slice(start, end)) ?? refuse(textOf(i).trim(), place, i);
        values[i] = typeof long === "bigint" ? doubleFromInteger(long, place, i) : long;
      }
    } else {
      values[i] = labelFromCell(textOf(i).trim(), place, i, reading);
    }
  }
  return { values, nulls };
}

/** Reads a cell as the name of a class, else as the number that a typed column would hold in its place. */
function labelFromCell(text: string, place: Place, row: number, reading: NumberReading): number {
  const named = reading.classes!.indexOf(text);
  if (named >= 0) return named;
  const value = numberFromDecimal(text);
  return value === undefined || (typeof value === "number" && !Number.isFinite(value))
    ? numberFromText(text, place, row, reading)
    : numberFromValue(value, place, row, reading);
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x09;
}

/**
 * Reads a short decimal without making a string: up to 15 digits and a power of ten up to 22 are both exact doubles,
 * so one multiplication or division rounds once (Clinger 1990, "How to read floating point numbers accurately").
 * undefined where the text is longer or is no plain decimal.
 */
function decimalFromBytes(bytes: Uint8Array, start: number, end: number): number | undefined {
  let at = start;
  const negative = bytes[at] === 0x2d;
  if (negative || bytes[at] === 0x2b) at++;
  let digits = 0;
  let scale = 0;
  let mantissa = 0;
  let seenPoint = false;
  for (; at < end; at++) {
    const byte = bytes[at]!;
    if (byte >= 0x30 && byte <= 0x39) {
      mantissa = mantissa * 10 + (byte - 0x30);
      if (mantissa > 999_999_999_999_999) return undefined;
      digits++;
      if (seenPoint) scale--;
    } else if (byte === 0x2e && !seenPoint) {
      seenPoint = true;
    } else {
      break;
    }
  }
  if (digits === 0) return undefined;
  if (at < end) {
    if ((bytes[at]! | 0x20) !== 0x65) return undefined;
    at++;
    const down = bytes[at] === 0x2d;
    if (down || bytes[at] === 0x2b) at++;
    if (at === end || end - at > 3) return undefined;
    let exponent = 0;
    for (; at < end; at++) {
      const byte = bytes[at]!;
      if (byte < 0x30 || byte > 0x39) return undefined;
      exponent = exponent * 10 + (byte - 0x30);
    }
    scale += down ? -exponent : exponent;
  }
  if (scale > 22 || scale < -22) return undefined;
  const value = scale < 0 ? mantissa / EXACT_POWERS[-scale]! : mantissa * EXACT_POWERS[scale]!;
  return negative ? -value : value;
}

function refuse(text: string, place: Place, row: number): never {
  throw refusal("LF_NOT_A_NUMBER", place, row, `${formatGot(text)} is not a number.`, { got: text });
}
