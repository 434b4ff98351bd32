import { numbersFromDeltas } from "./delta-numbers.ts";
import type { PageEncoding } from "./page-header.ts";
import { invalidParquet } from "./parquet-refusal.ts";
import type { ParquetLeaf } from "./parquet-schema.ts";
import { numbersFromHybrid } from "./rle-levels.ts";

/** The values of a page, nulls left out: numbers as little-endian bytes, texts, booleans, or codes into the dictionary. */
export type PageValues =
  | { readonly kind: "numbers"; readonly bytes: Uint8Array }
  | { readonly kind: "texts"; readonly texts: readonly Uint8Array[] }
  | { readonly kind: "booleans"; readonly values: Int32Array }
  | { readonly kind: "codes"; readonly codes: Int32Array };

/** Reads `count` values of a leaf. @throws LF_PARQUET_INVALID */
export function pageValues(
  bytes: Uint8Array,
  encoding: PageEncoding,
  leaf: ParquetLeaf,
  count: number,
): PageValues {
  const { physical, width } = leaf;
  if (encoding === "dictionary") {
    if (count === 0) return { kind: "codes", codes: new Int32Array(0) };
    const bits = bytes[0];
    if (bits === undefined) throw invalidParquet("a page of codes is empty");
    return { kind: "codes", codes: numbersFromHybrid(bytes.subarray(1), bits, count) };
  }
  if (physical === "boolean") return { kind: "booleans", values: booleans(bytes, encoding, count) };
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

function booleans(bytes: Uint8Array, encoding: PageEncoding, count: number): Int32Array {
  if (encoding === "rle") return numbersFromHybrid(bytes.subarray(4), 1, count);
  if (encoding !== "plain") throw invalidParquet(`booleans have the encoding ${encoding}`);
  if (bytes.length * 8 < count) throw invalidParquet("a page of booleans ends too early");
  return Int32Array.from({ length: count }, (_, i) => (bytes[i >> 3]! >> (i & 7)) & 1);
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
