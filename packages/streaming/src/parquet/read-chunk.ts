import type { ParquetCodec } from "./file-metadata.ts";
import { createCrc32 } from "./crc32.ts";
import { pageHeaderAt, type PageHeader } from "./page-header.ts";
import { pageValues, type PageValues } from "./page-values.ts";
import { invalidParquet } from "./parquet-refusal.ts";
import type { ParquetLeaf } from "./parquet-schema.ts";
import { numbersFromHybrid } from "./rle-levels.ts";
import { unpackPage } from "./unpack-page.ts";

/** A page as it was decoded. Levels are null where they are all the highest. */
export interface DecodedPage {
  readonly entries: number;
  readonly definitions: Int32Array | null;
  readonly repetitions: Int32Array | null;
  /** The values that are there, in order. */
  readonly values: PageValues;
}

export interface DecodedChunk {
  readonly dictionary: PageValues | null;
  readonly pages: readonly DecodedPage[];
}

/**
 * Decodes the pages of a column chunk until it has `values` entries.
 * @throws LF_PARQUET_INVALID, LF_COMPRESSION
 */
export function readChunk(
  bytes: Uint8Array,
  codec: ParquetCodec,
  leaf: ParquetLeaf,
  values: number,
): DecodedChunk {
  const crc32 = createCrc32();
  const pages: DecodedPage[] = [];
  let dictionary: PageValues | null = null;
  let entries = 0;
  let at = 0;
  while (entries < values) {
    if (at >= bytes.length) throw invalidParquet(`a column has ${entries} values where ${values} are due`);
    const { header, body } = pageHeaderAt(bytes, at);
    at = body + header.compressedSize;
    if (header.kind === "other") continue;
    // Decoders keep views, and some cannot read shared memory.
    const packed = bytes.slice(body, at);
    if (header.checksum !== undefined && crc32(packed) !== header.checksum >>> 0)
      throw invalidParquet("a page does not have its checksum");
    if (header.kind === "dictionary") {
      if (dictionary !== null || pages.length > 0)
        throw invalidParquet("a column has a dictionary behind its first page");
      dictionary = pageValues(unpackPage(packed, codec, header.size), "plain", leaf, header.values);
      continue;
    }
    const page =
      header.kind === "data"
        ? pageFromV1(packed, codec, header, leaf)
        : pageFromV2(packed, codec, header, leaf);
    if (page.values.kind === "codes" && dictionary === null)
      throw invalidParquet("a page of codes has no dictionary");
    pages.push(page);
    entries += page.entries;
  }
  if (entries !== values) throw invalidParquet(`a column has ${entries} values where ${values} are due`);
  return { dictionary, pages };
}

/** Version 1: levels and values are compressed together; each kind of level stands behind its length. */
function pageFromV1(
  packed: Uint8Array,
  codec: ParquetCodec,
  header: PageHeader,
  leaf: ParquetLeaf,
): DecodedPage {
  const bytes = unpackPage(packed, codec, header.size);
  let at = 0;
  const levels = (most: number): Int32Array | null => {
    if (most === 0) return null;
    if (at + 4 > bytes.length) throw invalidParquet("a page has no levels");
    const length = new DataView(bytes.buffer, bytes.byteOffset + at, 4).getUint32(0, true);
    at += 4 + length;
    if (at > bytes.length) throw invalidParquet("the levels of a page are longer than the page");
    return levelsFrom(bytes.subarray(at - length, at), most, header.values);
  };
  const repetitions = levels(leaf.mostRepeated);
  const definitions = levels(leaf.mostDefined);
  return pageFrom(bytes.subarray(at), header, leaf, definitions, repetitions);
}

/** Version 2: levels stand uncompressed before the values. */
function pageFromV2(
  packed: Uint8Array,
  codec: ParquetCodec,
  header: PageHeader,
  leaf: ParquetLeaf,
): DecodedPage {
  const { repetitionBytes, definitionBytes, isCompressed, size, values } = header;
  const start = repetitionBytes + definitionBytes;
  const levels = (from: number, to: number, most: number): Int32Array | null =>
    most === 0 ? null : levelsFrom(packed.subarray(from, to), most, values);
  const repetitions = levels(0, repetitionBytes, leaf.mostRepeated);
  const definitions = levels(repetitionBytes, start, leaf.mostDefined);
  const rest = packed.slice(start);
  return pageFrom(
    isCompressed ? unpackPage(rest, codec, size - start) : rest,
    header,
    leaf,
    definitions,
    repetitions,
  );
}

function pageFrom(
  bytes: Uint8Array,
  header: PageHeader,
  leaf: ParquetLeaf,
  definitions: Int32Array | null,
  repetitions: Int32Array | null,
): DecodedPage {
  let there = header.values;
  if (definitions !== null) {
    there = 0;
    for (const level of definitions) if (level === leaf.mostDefined) there++;
  }
  return {
    entries: header.values,
    definitions: there === header.values ? null : definitions,
    repetitions,
    values: pageValues(bytes, header.encoding, leaf, there),
  };
}

function levelsFrom(bytes: Uint8Array, most: number, count: number): Int32Array {
  const levels = numbersFromHybrid(bytes, 32 - Math.clz32(most), count);
  for (const level of levels)
    if (level > most) throw invalidParquet(`a level is ${level} where ${most} is the highest`);
  return levels;
}
