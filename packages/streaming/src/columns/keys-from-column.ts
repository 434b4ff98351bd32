import { cellReader } from "./cell-reader.ts";
import { codesFromDictionary } from "./codes-from-dictionary.ts";
import type { Column } from "./column.ts";
import { nullsFromValidity } from "./nulls-from-validity.ts";
import { numberFromDecimal } from "./number-from-decimal.ts";
import { numbersFromColumn } from "./numbers-from-column.ts";
import { openBytes } from "./open-bytes.ts";
import { columnRefusal, formatGot, refusal, type Place } from "./place.ts";
import { textsFromColumn } from "./texts-from-column.ts";
import { typedView } from "./typed-view.ts";

/**
 * One value of a grouping column, safe in JSON: integers past 2^53 are `i` with their digits, non-finite numbers `f`
 * with their name; `c` is the text of a CSV cell that has no type yet.
 */
export type Key =
  | { readonly t: "n"; readonly v: number }
  | { readonly t: "i"; readonly v: string }
  | { readonly t: "f"; readonly v: "NaN" | "Infinity" | "-Infinity" }
  | { readonly t: "s"; readonly v: string }
  | { readonly t: "b"; readonly v: boolean }
  | { readonly t: "c"; readonly v: string }
  | null;

/** Which of `keys` each row has. Equal keys have equal codes; keys that no row has may stand among them. */
export interface KeyRows {
  readonly codes: Int32Array;
  readonly keys: readonly Key[];
}

/**
 * Reads a column as keys to group by: integers, numbers, booleans, texts, dictionaries of those. A CSV cell that reads
 * as a number is that number, any other is text, whatever the other cells of its column are.
 * @throws LF_BAD_GROUP for lists and types that have no plain value.
 */
export function keysFromColumn(column: Column, place: Place): KeyRows {
  switch (column.kind) {
    case "dictionary":
      return keysFromDictionary(column, place);
    case "text":
    case "text-view": {
      const texts = textsFromColumn(column);
      return keysFromRows(column.length, (i) => (texts.nulls?.[i] === 1 ? null : texts.at(i)));
    }
    case "cells": {
      const text = cellReader(column);
      const typed = new Map<string, Plain>();
      return keysFromRows(column.length, (i) =>
        column.starts[i] === column.ends[i] ? null : plainFromCell(text(i), typed),
      );
    }
    case "values":
      return keysFromRows(column.length, (i) => plainValue(column.values[i], place, i));
    case "number":
      if (column.format === "i64" || column.format === "u64") {
        const bytes = openBytes(column.values, 8 * column.length, 16 * column.length + 65536);
        const values =
          column.format === "i64"
            ? typedView(bytes, BigInt64Array, column.length)
            : typedView(bytes, BigUint64Array, column.length);
        const nulls = nullsFromValidity(column.validity, column.bitOffset, column.length);
        return keysFromRows(column.length, (i) => (nulls?.[i] === 1 ? null : values[i]!));
      }
      break;
    case "boolean": {
      const { values, nulls } = numbersFromColumn(column, place, { falseIs: 0 });
      return keysFromRows(column.length, (i) => (nulls?.[i] === 1 ? null : values[i] === 1));
    }
    case "null":
      return { codes: new Int32Array(column.length), keys: [null] };
    case "list":
    case "fixed-list":
      throw columnRefusal("LF_BAD_GROUP", place, "it holds lists; group by a column of plain values.");
    case "unsupported":
      throw columnRefusal(
        "LF_BAD_GROUP",
        place,
        `it is of type ${column.type}, by which rows cannot be grouped.`,
      );
  }
  const { values, nulls } = numbersFromColumn(column, place, { falseIs: 0 });
  return keysFromRows(column.length, (i) => (nulls?.[i] === 1 ? null : values[i]!));
}

type Plain = string | number | bigint | boolean | null;

function keysFromRows(length: number, at: (row: number) => Plain): KeyRows {
  const codes = new Int32Array(length);
  const keys: Key[] = [];
  const known = new Map<Plain, number>();
  for (let i = 0; i < length; i++) {
    const value = at(i);
    let code = known.get(value);
    if (code === undefined) {
      code = keys.length;
      known.set(value, code);
      keys.push(keyFromPlain(value));
    }
    codes[i] = code;
  }
  return { codes, keys };
}

function keyFromPlain(value: Plain): Key {
  switch (typeof value) {
    case "string":
      return { t: "s", v: value };
    case "number":
      if (Number.isFinite(value)) return { t: "n", v: value === 0 ? 0 : value };
      return { t: "f", v: value > 0 ? "Infinity" : value < 0 ? "-Infinity" : "NaN" };
    case "boolean":
      return { t: "b", v: value };
    case "bigint": {
      const near = Number(value);
      return Number.isSafeInteger(near) ? { t: "n", v: near } : { t: "i", v: String(value) };
    }
    default:
      return null;
  }
}

/** Types a cell by its own text, so that a key does not depend on how a file is cut; `typed` holds those known. */
function plainFromCell(text: string, typed: Map<string, Plain>): Plain {
  let plain = typed.get(text);
  if (plain === undefined) {
    plain = numberFromDecimal(text.trim()) ?? text;
    typed.set(text, plain);
  }
  return plain;
}

function plainValue(value: unknown, place: Place, row: number): Plain {
  if (value === null || value === undefined) return null;
  if (
    typeof value === "string" ||
    typeof value === "number" ||
    typeof value === "boolean" ||
    typeof value === "bigint"
  ) {
    return value;
  }
  throw refusal(
    "LF_BAD_GROUP",
    place,
    row,
    `${formatGot(value)} is not a plain value; group by a column of those.`,
  );
}

function keysFromDictionary(column: Extract<Column, { kind: "dictionary" }>, place: Place): KeyRows {
  const { codes: from, nulls } = codesFromDictionary(column, place);
  // Entries of different chunks may be equal, and an entry may be null: they are numbered anew, null first.
  const keys: Key[] = [null];
  const known = new Map<string, number>([["null", 0]]);
  const renumbered: number[] = [];
  for (const chunk of column.values) {
    const inner = keysFromColumn(chunk, place);
    for (let i = 0; i < chunk.length; i++) {
      const key = inner.keys[inner.codes[i]!]!;
      const name = JSON.stringify(key);
      let code = known.get(name);
      if (code === undefined) {
        code = keys.length;
        known.set(name, code);
        keys.push(key);
      }
      renumbered.push(code);
    }
  }
  const codes = new Int32Array(column.length);
  for (let i = 0; i < column.length; i++) codes[i] = nulls?.[i] === 1 ? 0 : renumbered[from[i]!]!;
  return { codes, keys };
}
