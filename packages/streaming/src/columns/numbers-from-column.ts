import type { Column, NumberColumn } from "./column.ts";
import { doubleFromInteger } from "./double-from-integer.ts";
import { labelsFromNumbers } from "./label-from-number.ts";
import { numbersFromCells } from "./numbers-from-cells.ts";
import { numbersFromDictionary } from "./numbers-from-dictionary.ts";
import { numbersFromValues } from "./numbers-from-values.ts";
import { nullsFromValidity, type Nulls } from "./nulls-from-validity.ts";
import { openBytes } from "./open-bytes.ts";
import { columnRefusal, type Place } from "./place.ts";
import { OWN_ROOM, type RowRoom } from "./row-room.ts";
import { viewOfNumbers } from "./view-of-numbers.ts";

/** A column as the losses read it. Where a row is null its number means nothing. */
export interface NumberRows {
  /** Shares memory with the column where it can; not to be written. */
  readonly values: Float32Array | Float64Array;
  readonly nulls: Nulls;
}

export interface NumberReading {
  /** What false is: 0, or -1 where the target of a hinge loss is a sign. */
  readonly falseIs: 0 | -1;
  /**
   * Names of the classes: the positions of their names are the labels. A number that writes a name is that class, any
   * other number is the label itself.
   */
  readonly classes?: readonly string[] | undefined;
  /** Whether naming the classes would have texts read, which their refusal then says. */
  readonly mayNameClasses?: boolean;
  /** Where numbers that have to be made are put. Default: arrays of their own. */
  readonly room?: RowRoom | undefined;
}

/**
 * Reads a column as numbers: integers and booleans as doubles, float16 and float32 as float32.
 *
 * @throws LF_NOT_NUMERIC for text without `classes` and for types that hold no numbers; LF_NOT_A_NUMBER for a cell of
 * a text source that is none; LF_UNKNOWN_LABEL for a text that is not in `classes`; LF_INTEGER_NOT_EXACT for a 64-bit
 * integer that no double holds.
 */
export function numbersFromColumn(column: Column, place: Place, reading: NumberReading): NumberRows {
  const room = reading.room ?? OWN_ROOM;
  switch (column.kind) {
    case "number":
      return {
        values: labelsFromNumbers(numbersFromFormat(column, place, room), reading.classes),
        nulls: nullsFromValidity(column.validity, column.bitOffset, column.length, room),
      };
    case "boolean":
      return {
        values: numbersFromBits(
          openBytes(column.values, (column.bitOffset + column.length + 7) >> 3, 2 * column.length + 1024),
          column.bitOffset,
          column.length,
          reading.falseIs,
          room,
        ),
        nulls: nullsFromValidity(column.validity, column.bitOffset, column.length, room),
      };
    case "null":
      return { values: new Float64Array(column.length), nulls: new Uint8Array(column.length).fill(1) };
    case "dictionary":
    case "text":
    case "text-view":
      return numbersFromDictionary(column, place, reading);
    case "values":
      return numbersFromValues(column.values, place, reading);
    case "cells":
      return numbersFromCells(column, place, reading);
    case "list":
    case "fixed-list":
      throw columnRefusal("LF_SHAPE", place, "it holds lists where one number a row is read.");
    default:
      throw columnRefusal(
        "LF_NOT_NUMERIC",
        place,
        `it is of type ${column.type}, which is not read as numbers; give a column of floats, integers or booleans.`,
      );
  }
}

function numbersFromFormat(column: NumberColumn, place: Place, room: RowRoom): Float32Array | Float64Array {
  const view = viewOfNumbers(column);
  if (view instanceof Float32Array || view instanceof Float64Array) return view;
  switch (column.format) {
    case "f16":
      return floatsFromHalves(view, room);
    case "i64":
      return numbersFromInt64(view, true, column, place, room);
    case "u64":
      return numbersFromInt64(view, false, column, place, room);
    default:
      return widened(view, room);
  }
}

function widened(integers: ArrayLike<number>, room: RowRoom): Float64Array {
  const values = room.doubles(integers.length);
  values.set(integers);
  return values;
}

function numbersFromBits(
  bits: Uint8Array,
  bitOffset: number,
  length: number,
  falseIs: 0 | -1,
  room: RowRoom,
): Float64Array {
  const values = room.doubles(length);
  for (let i = 0; i < length; i++) {
    const bit = bitOffset + i;
    values[i] = ((bits[bit >> 3]! >> (bit & 7)) & 1) === 1 ? 1 : falseIs;
  }
  return values;
}

/** Widens IEEE binary16, exactly. */
function floatsFromHalves(halves: ArrayLike<number>, room: RowRoom): Float32Array {
  const values = room.floats(halves.length);
  for (let i = 0; i < halves.length; i++) {
    const half = halves[i]!;
    const exponent = (half >> 10) & 31;
    const fraction = half & 1023;
    const magnitude =
      exponent === 0
        ? fraction * 2 ** -24
        : exponent === 31
          ? fraction === 0
            ? Infinity
            : NaN
          : (1024 + fraction) * 2 ** (exponent - 25);
    values[i] = half >> 15 === 1 ? -magnitude : magnitude;
  }
  return values;
}

/** Reads 64-bit integers from pairs of words, low word first, without a BigInt a value. */
function numbersFromInt64(
  words: ArrayLike<number>,
  signed: boolean,
  column: NumberColumn,
  place: Place,
  room: RowRoom,
): Float64Array {
  const { length } = column;
  const values = room.doubles(length);
  let nulls: Nulls | undefined;
  for (let i = 0; i < length; i++) {
    const low = words[2 * i]! >>> 0;
    const high = signed ? words[2 * i + 1]! : words[2 * i + 1]! >>> 0;
    const value = high * 4294967296 + low;
    // Below 2^53 the sum above is exact; beyond, it may still be, and a null's bits may be anything.
    if (high >= 2097152 || high < -2097152) {
      const exact = (BigInt(high) << 32n) | BigInt(low);
      if (BigInt(value) !== exact) {
        nulls ??= nullsFromValidity(column.validity, column.bitOffset, length);
        if (nulls?.[i] !== 1) doubleFromInteger(exact, place, i);
      }
    }
    values[i] = value;
  }
  return values;
}
