import {
  widthOfFormat,
  type Column,
  type NumberColumn,
  type NumberFormat,
  type TextColumn,
} from "../columns/column.ts";
import type { RowRoom } from "../columns/row-room.ts";
import { typedView } from "../columns/typed-view.ts";
import { invalidParquet } from "./parquet-refusal.ts";
import type { ParquetLeaf } from "./parquet-schema.ts";
import type { PageValues } from "./page-values.ts";
import type { DecodedChunk, DecodedPage } from "./read-chunk.ts";

/**
 * Makes columns of the decoded pages of a leaf, one after the other, which have `rows` rows; they share one dictionary.
 * @throws LF_PARQUET_INVALID where lists do not hold so many.
 */
export function columnFromChunk(
  leaf: ParquetLeaf,
  room: RowRoom,
): (chunk: DecodedChunk, rows: number) => Column {
  let known: TextColumn | undefined;
  const textsOf = ({ dictionary }: DecodedChunk): TextColumn =>
    (known ??= textColumn(dictionary?.kind === "texts" ? dictionary.texts : []));
  return (chunk, rows) => {
    const making = { leaf, room, textsOf };
    if (leaf.mostRepeated === 1) return listsFromChunk(chunk, rows, making);
    const parts = chunk.pages.map((page) => ({ page, from: 0, present: null }));
    return valuesFromChunk(chunk, making, parts, rows);
  };
}

/** What all columns of a leaf are made with. */
interface Making {
  readonly leaf: ParquetLeaf;
  readonly room: RowRoom;
  /** The texts of a dictionary. */
  readonly textsOf: (chunk: DecodedChunk) => TextColumn;
}

/** Lists: an entry of repetition level 0 begins a row; levels below `listDefined` are null, at it empty. */
function listsFromChunk(chunk: DecodedChunk, rows: number, making: Making): Column {
  const { leaf, room } = making;
  const offsets = room.ints(rows + 1);
  const validity = room.bytes((rows + 7) >> 3);
  const parts: PagePart[] = [];
  let row = -1;
  let elements = 0;
  for (const page of chunk.pages) {
    // Where all levels are the highest, all entries are elements.
    const present = page.definitions === null ? null : room.bytes(page.entries);
    const from = elements;
    for (let i = 0; i < page.entries; i++) {
      const defined = page.definitions === null ? leaf.mostDefined : page.definitions[i]!;
      if (page.repetitions![i] === 0) {
        offsets[++row] = elements;
        if (defined >= leaf.listDefined) validity[row >> 3]! |= 1 << (row & 7);
      } else if (row === -1) {
        throw invalidParquet("a column begins within a list");
      }
      if (defined > leaf.listDefined) {
        if (present !== null) present[i] = 1;
        elements++;
      }
    }
    parts.push({ page, from, present });
  }
  if (row !== rows - 1) throw invalidParquet("a column ends before the last row of its row group");
  offsets[rows] = elements;
  const child = valuesFromChunk(chunk, making, parts, elements);
  return {
    kind: "list",
    wide: false,
    length: rows,
    bitOffset: 0,
    validity,
    offsets: bytesOf(offsets),
    child,
  };
}

/** A page, where its elements begin, and which of its entries are elements at all; null where all are. */
interface PagePart {
  readonly page: DecodedPage;
  readonly from: number;
  readonly present: Uint8Array | null;
}

function valuesFromChunk(
  chunk: DecodedChunk,
  making: Making,
  parts: readonly PagePart[],
  length: number,
): Column {
  const { leaf, room } = making;
  const anyNull = parts.some(({ page }) => page.definitions !== null);
  const validity = anyNull ? room.bytes((length + 7) >> 3) : null;
  const base = { length, bitOffset: 0, validity };
  /** Calls back for each value that is there: which of its page, and its place among all. */
  const each = (put: (values: PageValues, index: number, place: number) => void): void => {
    let place = 0;
    for (const { page, present } of parts) {
      let index = 0;
      for (let i = 0; i < page.entries; i++) {
        if (present !== null && present[i] === 0) continue;
        if (page.definitions === null || page.definitions[i] === leaf.mostDefined) {
          put(page.values, index++, place);
          if (validity !== null) validity[place >> 3]! |= 1 << (place & 7);
        }
        place++;
      }
    }
  };
  if (leaf.format === "text") return textsFromChunk(chunk, making, parts, base, each);
  if (leaf.format === "boolean") {
    const bits = room.bytes((length + 7) >> 3);
    each((values, index, place) => {
      if (values.kind === "booleans" && values.values[index] === 1) bits[place >> 3]! |= 1 << (place & 7);
    });
    return { ...base, kind: "boolean", values: bits };
  }
  const numbers = numbersFromChunk(chunk, leaf.format, room, parts, base, each);
  if (leaf.time === null) return numbers;
  return { ...leaf.time, kind: "time", length, bitOffset: 0, validity: null, numbers };
}

type Base = { readonly length: number; readonly bitOffset: number; readonly validity: Uint8Array | null };
type Each = (put: (values: PageValues, index: number, place: number) => void) => void;

function numbersFromChunk(
  chunk: DecodedChunk,
  format: NumberFormat,
  room: RowRoom,
  parts: readonly PagePart[],
  base: Base,
  each: Each,
): NumberColumn {
  const width = widthOfFormat(format);
  const only = parts.length === 1 ? parts[0]! : undefined;
  if (base.validity === null && only?.page.values.kind === "numbers" && only.present === null) {
    // The bytes of one page alone are the column, where numbers can be read at their place.
    const { bytes } = only.page.values;
    if (bytes.byteOffset % width === 0) return { ...base, kind: "number", format, values: bytes };
  }
  const out = room.bytes(base.length * width);
  if (
    base.validity === null &&
    parts.every(({ page, present }) => page.values.kind === "numbers" && present === null)
  ) {
    let at = 0;
    for (const { page } of parts) {
      const { bytes } = page.values as Extract<PageValues, { kind: "numbers" }>;
      out.set(bytes, at);
      at += bytes.length;
    }
    return { ...base, kind: "number", format, values: out };
  }
  // Numbers are moved as words, whatever they mean.
  const words = width === 8 ? 2 : 1;
  const target = wordsOf(out, width);
  const dictionary =
    chunk.dictionary?.kind === "numbers" ? wordsOf(chunk.dictionary.bytes, width) : new Int32Array(0);
  const size = dictionary.length / words;
  let last: PageValues | undefined;
  let plain = dictionary;
  each((values, index, place) => {
    let from = dictionary;
    let at = index;
    if (values.kind === "codes") {
      at = values.codes[index]!;
      if (at < 0 || at >= size) throw outside(at, size);
    } else if (values.kind === "numbers") {
      if (values !== last) {
        last = values;
        plain = wordsOf(values.bytes, width);
      }
      from = plain;
    }
    target[words * place] = from[words * at]!;
    if (words === 2) target[2 * place + 1] = from[2 * at + 1]!;
  });
  return { ...base, kind: "number", format, values: out };
}

/** Texts become one dictionary: that of the chunk, and behind it the texts of pages that do without. */
function textsFromChunk(
  chunk: DecodedChunk,
  { room, textsOf }: Making,
  parts: readonly PagePart[],
  base: Base,
  each: Each,
): Column {
  const known = textsOf(chunk);
  const values = [known];
  let size = known.length;
  const starts = new Map<PageValues, number>();
  for (const { page } of parts) {
    if (page.values.kind !== "texts") continue;
    starts.set(page.values, size);
    values.push(textColumn(page.values.texts));
    size += page.values.texts.length;
  }
  const codes = room.ints(base.length);
  each((page, index, place) => {
    if (page.kind === "codes") {
      const code = page.codes[index]!;
      if (code < 0 || code >= known.length) throw outside(code, known.length);
      codes[place] = code;
    } else {
      codes[place] = starts.get(page)! + index;
    }
  });
  const { length } = base;
  return {
    kind: "dictionary",
    length,
    bitOffset: 0,
    validity: null,
    codes: { ...base, kind: "number", format: "i32", values: bytesOf(codes) },
    values,
  };
}

function textColumn(texts: readonly Uint8Array[]): TextColumn {
  const offsets = new Int32Array(texts.length + 1);
  for (const [i, text] of texts.entries()) offsets[i + 1] = offsets[i]! + text.length;
  const values = new Uint8Array(offsets[texts.length]!);
  for (const [i, text] of texts.entries()) values.set(text, offsets[i]);
  return {
    kind: "text",
    wide: false,
    length: texts.length,
    bitOffset: 0,
    validity: null,
    offsets: bytesOf(offsets),
    values,
  };
}

function wordsOf(bytes: Uint8Array, width: 1 | 2 | 4 | 8): Int16Array | Int32Array {
  return width === 2
    ? typedView(bytes, Int16Array, Math.floor(bytes.length / 2))
    : typedView(bytes, Int32Array, Math.floor(bytes.length / 4));
}

function bytesOf(numbers: Int32Array): Uint8Array {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}

function outside(code: number, size: number): Error {
  return invalidParquet(`a code is ${code} where the dictionary has ${size} entries`);
}
