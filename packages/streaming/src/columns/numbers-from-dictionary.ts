import type { Column, DictionaryColumn, TextColumn, TextViewColumn } from "./column.ts";
import { codesFromDictionary } from "./codes-from-dictionary.ts";
import { numbersFromColumn, type NumberReading, type NumberRows } from "./numbers-from-column.ts";
import { numberFromText } from "./numbers-from-values.ts";
import { columnRefusal, type Place } from "./place.ts";
import { textsFromColumn } from "./texts-from-column.ts";

/** Reads a dictionary of numbers, or texts that name classes, as numbers. */
export function numbersFromDictionary(
  column: DictionaryColumn | TextColumn | TextViewColumn,
  place: Place,
  reading: NumberReading,
): NumberRows {
  if (column.kind !== "dictionary") return labelsFromTexts(column, place, reading);
  const { codes, nulls } = codesFromDictionary(column, place, reading.room);
  const entries = column.values.map((chunk) => ({ chunk, length: chunk.length }));
  const values = new Float64Array(column.length);
  const outNulls: Uint8Array = nulls === null ? new Uint8Array(column.length) : nulls.slice();
  let anyNull = nulls !== null;
  // A text that no row uses need not be a class, so entries are read when a row first asks for them.
  const size = entries.reduce((sum, { length }) => sum + length, 0);
  const known = new Uint8Array(size);
  const numbers = new Float64Array(size);
  const read = entryReader(column.values, place, reading);
  for (let i = 0; i < column.length; i++) {
    if (outNulls[i] === 1) continue;
    const code = codes[i]!;
    if (known[code] === 0) {
      const entry = read(code, i);
      known[code] = entry === null ? 2 : 1;
      if (entry !== null) numbers[code] = entry;
    }
    if (known[code] === 2) {
      outNulls[i] = 1;
      anyNull = true;
    } else {
      values[i] = numbers[code]!;
    }
  }
  return { values, nulls: anyNull ? outNulls : null };
}

function labelsFromTexts(
  column: TextColumn | TextViewColumn,
  place: Place,
  reading: NumberReading,
): NumberRows {
  if (reading.classes === undefined) throw textRefusal(place, reading);
  const texts = textsFromColumn(column);
  const values = new Float64Array(column.length);
  for (let i = 0; i < column.length; i++) {
    if (texts.nulls?.[i] !== 1) values[i] = numberFromText(texts.at(i), place, i, reading);
  }
  return { values, nulls: texts.nulls };
}

/** Gives the number of a dictionary entry, null where the entry itself is null; `row` is the first that uses it. */
function entryReader(
  chunks: readonly Column[],
  place: Place,
  reading: NumberReading,
): (code: number, row: number) => number | null {
  const open = chunks.map((chunk): ((at: number, row: number) => number | null) => {
    if (chunk.kind === "text" || chunk.kind === "text-view") {
      if (reading.classes === undefined) throw textRefusal(place, reading);
      const texts = textsFromColumn(chunk);
      return (at, row) =>
        texts.nulls?.[at] === 1 ? null : numberFromText(texts.at(at), place, row, reading);
    }
    if (chunk.kind === "dictionary")
      throw columnRefusal("LF_NOT_NUMERIC", place, "it is a dictionary of dictionaries.");
    const numbers = numbersFromColumn(chunk, place, reading);
    return (at) => (numbers.nulls?.[at] === 1 ? null : numbers.values[at]!);
  });
  return (code, row) => {
    let at = code;
    for (const [i, chunk] of chunks.entries()) {
      if (at < chunk.length) return open[i]!(at, row);
      at -= chunk.length;
    }
    return null;
  };
}

function textRefusal(place: Place, { mayNameClasses }: NumberReading): Error {
  return columnRefusal(
    "LF_NOT_NUMERIC",
    place,
    mayNameClasses === true
      ? "it is text; name the classes in order where it holds labels."
      : "it is text; give a column of numbers.",
  );
}
