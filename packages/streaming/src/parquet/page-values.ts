import { numbersFromDeltas } from "./delta-numbers.ts";
import type { PageEncoding } from "./page-header.ts";
import { invalidParquet } from "./parquet-refusal.ts";
import type { ParquetLeaf } from "./parquet-schema.ts";
import type { RowRoom } from "../columns/row-room.ts";
import { HybridReader } from "./rle-levels.ts";

/** The values of a page, nulls left out: numbers as little-endian bytes, texts, booleans, or codes into the dictionary. */
export type PageValues =
  | { readonly kind: "numbers"; readonly bytes: Uint8Array }
  | { readonly kind: "texts"; readonly texts: readonly Uint8Array[] }
  | { readonly kind: "booleans"; readonly values: Int32Array }
  | { readonly kind: "codes"; readonly codes: Int32Array };

/** Gives the next values of a page, so many. @throws LF_PARQUET_INVALID */
export type TakeValues = (count: number, room: RowRoom) => PageValues;

/** Reads the `count` values of a page of a leaf, some at a time. @throws LF_PARQUET_INVALID */
export function valuesOfPage(
  bytes: Uint8Array,
  encoding: PageEncoding,
  leaf: ParquetLeaf,
  count: number,
): TakeValues {
  if (encoding === "dictionary") {
    if (count === 0) return () => ({ kind: "codes", codes: new Int32Array(0) });
    const bits = bytes[0];
    if (bits === undefined) throw invalidParquet("a page of codes is empty");
    const codes = new HybridReader(bytes.subarray(1), bits);
    return (some, room) => ({ kind: "codes", codes: codes.take(some, room) });
  }
  if (leaf.physical === "boolean") return booleans(bytes, encoding, count);
  const values = pageValues(bytes, encoding, leaf, count);
  let at = 0;
  return (some) => {
    at += some;
    return values.kind === "texts"
      ? { kind: "texts", texts: values.texts.slice(at - some, at) }
      : { kind: "numbers", bytes: values.bytes.subarray((at - some) * leaf.width, at * leaf.width) };
  };
}

/** Reads all values of a page that are no codes and no booleans. */
function pageValues(
  bytes: Uint8Array,
  encoding: PageEncoding,
  leaf: ParquetLeaf,
  count: number,
): Extract<PageValues, { kind: "numbers" | "texts" }> {
  const { physical, width } = leaf;
  if (physical === "bytes") return { kind: "texts", texts: texts(bytes, encoding, count) };
  if (encoding === "plain" || encoding === "byte_stream_split") {
    if (bytes.length < count * width)
      throw invalidParquet(`a page holds ${bytes.length} bytes where ${count * width} are due`);
    const plain = bytes.subarray(0, count * width);
    return { kind: "numbers", bytes: encoding === "plain" ? plain : unsplit(plain, width) };
  }
  if (encoding === "delta" && (physical === "int32" || physical === "int64")) {
    const { values } = numbersFromDeltas(bytes, 0, count, physical === "int64");
    return { kind: "numbers", bytes: new Uint8Array(values.buffer) };
  }
  throw invalidParquet(`values of the type ${physical} have the encoding ${encoding}`);
}

function booleans(bytes: Uint8Array, encoding: PageEncoding, count: number): TakeValues {
  if (encoding === "rle") {
    const values = new HybridReader(bytes.subarray(4), 1);
    return (some, room) => ({ kind: "booleans", values: values.take(some, room) });
  }
  if (encoding !== "plain") throw invalidParquet(`booleans have the encoding ${encoding}`);
  if (bytes.length * 8 < count) throw invalidParquet("a page of booleans ends too early");
  let at = 0;
  return (some, room) => {
    const values = room.ints(some);
    for (let i = 0; i < some; i++, at++) values[i] = (bytes[at >> 3]! >> (at & 7)) & 1;
    return { kind: "booleans", values };
  };
}

function texts(bytes: Uint8Array, encoding: PageEncoding, count: number): Uint8Array[] {
  if (encoding === "plain") return plainTexts(bytes, count);
  if (encoding === "delta_length") {
    const { values: lengths, end } = numbersFromDeltas(bytes, 0, count, false);
    let at = end;
    return Array.from(lengths as Int32Array, (length) => {
      at += length;
      return takeText(bytes, at - length, length);
    });
  }
  if (encoding === "delta_bytes") {
    const { values: prefixes, end } = numbersFromDeltas(bytes, 0, count, false);
    const suffixes = texts(bytes.subarray(end), "delta_length", count);
    let last = new Uint8Array(0);
    return suffixes.map((suffix, i) => {
      const shared = Number(prefixes[i]);
      if (!(shared >= 0 && shared <= last.length))
        throw invalidParquet("a text shares more with the one before than that has");
      const text = new Uint8Array(shared + suffix.length);
      text.set(last.subarray(0, shared));
      text.set(suffix, shared);
      last = text;
      return text;
    });
  }
  throw invalidParquet(`texts have the encoding ${encoding}`);
}

/** Texts that each stand after their length in four bytes. */
function plainTexts(bytes: Uint8Array, count: number): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (count * 4 > bytes.length) throw invalidParquet(`a page of ${count} texts is too short`);
  let at = 0;
  return Array.from({ length: count }, () => {
    if (at + 4 > bytes.length) throw invalidParquet("a page of texts ends too early");
    const length = view.getInt32(at, true);
    at += 4 + length;
    return takeText(bytes, at - length, length);
  });
}

function takeText(bytes: Uint8Array, at: number, length: number): Uint8Array {
  if (!(length >= 0 && at >= 0 && at + length <= bytes.length))
    throw invalidParquet(`a text of ${length} bytes reaches beyond its page`);
  return bytes.subarray(at, at + length);
}

/** Puts numbers together whose first bytes stand first, then all second bytes, and so on. */
function unsplit(bytes: Uint8Array, width: number): Uint8Array {
  const count = bytes.length / width;
  const out = new Uint8Array(bytes.length);
  for (let byte = 0; byte < width; byte++) {
    for (let i = 0; i < count; i++) out[i * width + byte] = bytes[byte * count + i]!;
  }
  return out;
}
