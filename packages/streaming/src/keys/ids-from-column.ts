import { cellReader } from "../columns/cell-reader.ts";
import { checkedOffsets } from "../columns/checked-offsets.ts";
import { codesFromDictionary, sizeOfDictionary } from "../columns/codes-from-dictionary.ts";
import type { Column, DictionaryColumn, NumberColumn, TextColumn } from "../columns/column.ts";
import { integersFromColumn } from "../columns/integers-from-column.ts";
import { keyFromCell } from "../columns/key-from-cell.ts";
import { nullsFromValidity } from "../columns/nulls-from-validity.ts";
import { numbersFromColumn } from "../columns/numbers-from-column.ts";
import { openBytes } from "../columns/open-bytes.ts";
import { columnRefusal, formatGot, refusal, type Place } from "../columns/place.ts";
import { OWN_ROOM, type RowRoom } from "../columns/row-room.ts";
import { textsFromColumn } from "../columns/texts-from-column.ts";
import { viewOfNumbers } from "../columns/view-of-numbers.ts";
import type { ValueTable } from "./value-table.ts";

/**
 * Reads a column as keys to group by: integers, numbers, booleans, texts, dictionaries of those; CSV cells by
 * {@link keyFromCell}.
 * @returns the number of each row's value in `table`, to which those that are not there yet are added.
 * @throws LF_BAD_GROUP for lists and types that have no plain value.
 */
export function idsFromColumn(
  column: Column,
  place: Place,
  table: ValueTable,
  room: RowRoom = OWN_ROOM,
): Int32Array {
  const ids = room.ints(column.length);
  if (column.kind === "number") {
    const nulls = nullsFromValidity(column.validity, column.bitOffset, column.length, room);
    const integers = integersFromColumn(column, nulls, room);
    if (integers !== null) {
      table.ofIntegers(integers, nulls, ids);
      return ids;
    }
  } else if (column.kind === "dictionary") {
    idsOfEntries(column, place, table, room, ids);
    return ids;
  }
  const idOf = idReader(column, place, table, room);
  for (let i = 0; i < ids.length; i++) ids[i] = idOf(i);
  return ids;
}

/** Makes the function that gives the value of a row. */
function idReader(column: Column, place: Place, table: ValueTable, room: RowRoom): (row: number) => number {
  switch (column.kind) {
    case "dictionary":
      return idOfEntries(column, place, table, room);
    case "text":
      return idOfTexts(column, table, room);
    case "text-view": {
      const texts = textsFromColumn(column);
      return (i) => (texts.nulls?.[i] === 1 ? table.ofNull() : table.ofString(texts.at(i)));
    }
    case "cells": {
      const text = cellReader(column);
      const { bytes, starts, ends, quoted } = column;
      return (i) => {
        const [from, to] = [starts[i]!, ends[i]!];
        if (from === to) return table.ofNull();
        const read = (): number => idOfCell(text(i), table);
        return quoted[i] === 1 ? read() : table.ofCell(bytes, from, to, read);
      };
    }
    case "values":
      return (i) => idOfValue(column.values[i], place, i, table);
    case "number":
      if (column.format === "i64" || column.format === "u64") return idOfWords(column, table, room);
      break;
    case "boolean": {
      const { values, nulls } = numbersFromColumn(column, place, { falseIs: 0, room });
      return (i) => (nulls?.[i] === 1 ? table.ofNull() : table.ofBoolean(values[i] === 1));
    }
    case "null":
      return () => table.ofNull();
    case "list":
    case "fixed-list":
      throw columnRefusal("LF_BAD_GROUP", place, "it holds lists; group by a column of plain values.");
    case "time":
    case "unsupported":
      throw columnRefusal(
        "LF_BAD_GROUP",
        place,
        `it is of type ${column.type}, by which rows cannot be grouped.`,
      );
  }
  const { values, nulls } = numbersFromColumn(column, place, { falseIs: 0, room });
  return (i) => (nulls?.[i] === 1 ? table.ofNull() : table.ofNumber(values[i]!));
}

function idOfTexts(column: TextColumn, table: ValueTable, room: RowRoom): (row: number) => number {
  const { length } = column;
  const nulls = nullsFromValidity(column.validity, column.bitOffset, length, room);
  const offsets = checkedOffsets(column.offsets, length, column.wide);
  const bytes = openBytes(column.values, offsets[length]!);
  return (i) => (nulls?.[i] === 1 ? table.ofNull() : table.ofText(bytes, offsets[i]!, offsets[i + 1]!));
}

function idOfWords(column: NumberColumn, table: ValueTable, room: RowRoom): (row: number) => number {
  const signed = column.format === "i64";
  const words = viewOfNumbers(column);
  const nulls = nullsFromValidity(column.validity, column.bitOffset, column.length, room);
  return (i) => {
    if (nulls?.[i] === 1) return table.ofNull();
    const low = words[2 * i]!;
    const high = signed ? words[2 * i + 1]! : words[2 * i + 1]! >>> 0;
    const number = high * 4294967296 + (low >>> 0);
    return Number.isSafeInteger(number) ? table.ofNumber(number) : table.ofWords(low, high | 0, signed);
  };
}

/** Entries of a dictionary are looked up when a row first has them: it may have many more than these rows need. */
function idOfEntries(
  column: DictionaryColumn,
  place: Place,
  table: ValueTable,
  room: RowRoom,
): (row: number) => number {
  const { codes, nulls } = codesFromDictionary(column, place, room);
  const idOf = entryReader(column, place, table, room);
  return (i) => (nulls?.[i] === 1 ? table.ofNull() : idOf(codes[i]!));
}

/** The same for all rows, written to `ids`. */
function idsOfEntries(
  column: DictionaryColumn,
  place: Place,
  table: ValueTable,
  room: RowRoom,
  ids: Int32Array,
): void {
  const { codes, nulls } = codesFromDictionary(column, place, room);
  const idOf = entryReader(column, place, table, room);
  /** One more than the value of each entry that some row has had. */
  const known = room.ints(sizeOfDictionary(column));
  for (let i = 0; i < ids.length; i++) {
    if (nulls !== null && nulls[i] === 1) {
      ids[i] = table.ofNull();
      continue;
    }
    const code = codes[i]!;
    if (known[code] === 0) known[code] = idOf(code) + 1;
    ids[i] = known[code]! - 1;
  }
}

/** Makes the function that gives the value of an entry of a dictionary. */
function entryReader(
  column: DictionaryColumn,
  place: Place,
  table: ValueTable,
  room: RowRoom,
): (code: number) => number {
  const ends: number[] = [];
  for (const chunk of column.values) ends.push((ends.at(-1) ?? 0) + chunk.length);
  const readers = column.values.map((chunk) => idReader(chunk, place, table, room));
  return (code) => {
    const chunk = ends.findIndex((end) => code < end);
    return readers[chunk]!(code - (ends[chunk - 1] ?? 0));
  };
}

function idOfCell(text: string, table: ValueTable): number {
  const key = keyFromCell(text);
  if (typeof key === "string") return table.ofString(key);
  return typeof key === "bigint" ? idOfInteger(key, table) : table.ofNumber(key);
}

function idOfInteger(value: bigint, table: ValueTable): number {
  const near = Number(value);
  return Number.isSafeInteger(near) ? table.ofNumber(near) : table.ofDigits(String(value));
}

function idOfValue(value: unknown, place: Place, row: number, table: ValueTable): number {
  switch (typeof value) {
    case "string":
      return table.ofString(value);
    case "number":
      return table.ofNumber(value);
    case "boolean":
      return table.ofBoolean(value);
    case "bigint":
      return idOfInteger(value, table);
    default:
      if (value === null || value === undefined) return table.ofNull();
  }
  throw refusal(
    "LF_BAD_GROUP",
    place,
    row,
    `${formatGot(value)} is not a plain value; group by a column of those.`,
  );
}
