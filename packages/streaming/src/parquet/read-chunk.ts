import { OWN_ROOM, ReusedRoom, type RowRoom } from "../columns/row-room.ts";
import type { ParquetCodec } from "./file-metadata.ts";
import { createCrc32 } from "./crc32.ts";
import { pageHeaderAt, type PageHeader } from "./page-header.ts";
import { valuesOfPage, type PageValues, type TakeValues } from "./page-values.ts";
import { invalidParquet } from "./parquet-refusal.ts";
import type { ParquetLeaf } from "./parquet-schema.ts";
import { HybridReader } from "./rle-levels.ts";
import { RowStarts } from "./row-starts.ts";
import { unpackPage } from "./unpack-page.ts";

/** Entries of a page as they were decoded. Levels are null where they are all the highest. */
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
 * Decodes the pages of a column chunk of `values` entries, some at a time: of a page that is packed, or a dictionary, all is
 * in memory, of codes, levels and plain values no more than is taken.
 * @throws LF_PARQUET_INVALID, LF_COMPRESSION
 */
export class ChunkReader {
  readonly #pages: Iterator<PageReader>;
  #left: number;
  #dictionary: PageValues | null = null;
  #page: PageReader | undefined;

  constructor(bytes: Uint8Array, codec: ParquetCodec, leaf: ParquetLeaf, values: number) {
    this.#left = values;
    this.#pages = this.#read(bytes, codec, leaf, values);
  }

  /** Whether all entries have been taken. */
  get ended(): boolean {
    return this.#left === 0;
  }

  /** Gives the next entries, so many, which must be there; their arrays are of the room. */
  take(entries: number, room: RowRoom): DecodedChunk {
    const pages: DecodedPage[] = [];
    for (let due = entries; due > 0;) {
      const some = Math.min(due, this.#nextPage().left);
      this.#takeSome(some, room, pages);
      due -= some;
    }
    return { dictionary: this.#dictionary, pages };
  }

  /** Gives the entries of the next lists, so many; fewer where the chunk ends. Their arrays are of the room. */
  takeLists(rows: number, room: RowRoom): DecodedChunk {
    const pages: DecodedPage[] = [];
    for (let due = rows; !this.ended;) {
      const page = this.#nextPage();
      const { entries, begun } = page.passRows(due);
      this.#takeSome(entries, room, pages);
      // A list may go on in the page behind.
      if (page.left > 0) break;
      due -= begun;
    }
    return { dictionary: this.#dictionary, pages };
  }

  /** The page that the next entries are of; one without entries is passed over by taking none. */
  #nextPage(): PageReader {
    return (this.#page ??= this.#pages.next().value as PageReader);
  }

  #takeSome(entries: number, room: RowRoom, pages: DecodedPage[]): void {
    const page = this.#nextPage();
    if (entries > 0) pages.push(page.take(entries, room));
    this.#left -= entries;
    if (page.left === 0) this.#page = undefined;
  }

  *#read(bytes: Uint8Array, codec: ParquetCodec, leaf: ParquetLeaf, values: number): Generator<PageReader> {
    const crc32 = createCrc32();
    let entries = 0;
    let isFirst = true;
    let at = 0;
    for (;;) {
      if (at >= bytes.length) throw invalidParquet(`a column has ${entries} values where ${values} are due`);
      const { header, body } = pageHeaderAt(bytes, at);
      at = body + header.compressedSize;
      if (header.kind === "other") continue;
      const packed = bytes.subarray(body, at);
      if (header.checksum !== undefined && crc32(packed) !== header.checksum >>> 0)
        throw invalidParquet("a page does not have its checksum");
      if (header.kind === "dictionary") {
        if (this.#dictionary !== null || !isFirst)
          throw invalidParquet("a column has a dictionary behind its first page");
        const unpacked = unpackPage(packed, codec, header.size);
        this.#dictionary = valuesOfPage(unpacked, "plain", leaf, header.values)(header.values, OWN_ROOM);
        continue;
      }
      isFirst = false;
      entries += header.values;
      if (entries > values) throw invalidParquet(`a column has ${entries} values where ${values} are due`);
      if (header.encoding === "dictionary" && this.#dictionary === null)
        throw invalidParquet("a page of codes has no dictionary");
      yield header.kind === "data"
        ? pageFromV1(packed, codec, header, leaf)
        : pageFromV2(packed, codec, header, leaf);
    }
  }
}

/** Version 1: levels and values are compressed together; each kind of level stands behind its length. */
function pageFromV1(
  packed: Uint8Array,
  codec: ParquetCodec,
  header: PageHeader,
  leaf: ParquetLeaf,
): PageReader {
  const bytes = unpackPage(packed, codec, header.size);
  let at = 0;
  const levels = (most: number): Uint8Array | null => {
    if (most === 0) return null;
    if (at + 4 > bytes.length) throw invalidParquet("a page has no levels");
    const length = new DataView(bytes.buffer, bytes.byteOffset + at, 4).getUint32(0, true);
    at += 4 + length;
    if (at > bytes.length) throw invalidParquet("the levels of a page are longer than the page");
    return bytes.subarray(at - length, at);
  };
  const repetitions = levels(leaf.mostRepeated);
  const definitions = levels(leaf.mostDefined);
  return new PageReader(bytes.subarray(at), header, leaf, definitions, repetitions);
}

/** Version 2: levels stand uncompressed before the values. */
function pageFromV2(
  packed: Uint8Array,
  codec: ParquetCodec,
  header: PageHeader,
  leaf: ParquetLeaf,
): PageReader {
  const { repetitionBytes, definitionBytes, isCompressed, size } = header;
  const start = repetitionBytes + definitionBytes;
  const rest = packed.subarray(start);
  return new PageReader(
    isCompressed ? unpackPage(rest, codec, size - start) : rest,
    header,
    leaf,
    leaf.mostDefined === 0 ? null : packed.subarray(repetitionBytes, start),
    leaf.mostRepeated === 0 ? null : packed.subarray(0, repetitionBytes),
  );
}

/** The entries of one page, taken some at a time. */
class PageReader {
  left: number;
  readonly #leaf: ParquetLeaf;
  readonly #definitions: HybridReader | null;
  readonly #repetitions: HybridReader | null;
  readonly #starts: RowStarts | null;
  readonly #values: TakeValues;

  constructor(
    bytes: Uint8Array,
    { encoding, values }: PageHeader,
    leaf: ParquetLeaf,
    definitions: Uint8Array | null,
    repetitions: Uint8Array | null,
  ) {
    const there = definitions === null ? values : countHighest(definitions, leaf.mostDefined, values);
    this.left = values;
    this.#leaf = leaf;
    this.#definitions =
      definitions === null || there === values ? null : levelReader(definitions, leaf.mostDefined);
    this.#repetitions = repetitions === null ? null : levelReader(repetitions, leaf.mostRepeated);
    this.#starts =
      repetitions === null ? null : new RowStarts(levelReader(repetitions, leaf.mostRepeated), values);
    this.#values = valuesOfPage(bytes, encoding, leaf, there);
  }

  /** Says how many entries the next lists have, so many, or those of them that are in this page; they are taken next. */
  passRows(rows: number): { readonly entries: number; readonly begun: number } {
    return this.#starts?.pass(rows) ?? { entries: this.left, begun: 0 };
  }

  take(entries: number, room: RowRoom): DecodedPage {
    this.left -= entries;
    const { mostDefined, mostRepeated } = this.#leaf;
    const repetitions = this.#repetitions?.take(entries, room) ?? null;
    if (repetitions !== null) checkLevels(repetitions, mostRepeated);
    const definitions = this.#definitions?.take(entries, room) ?? null;
    let there = entries;
    if (definitions !== null) for (const level of definitions) there -= Number(level !== mostDefined);
    return {
      entries,
      definitions: there === entries ? null : definitions,
      repetitions,
      values: this.#values(there, room),
    };
  }
}

/** Levels that are looked through at a time. */
const SOME_LEVELS = 2 ** 16;

/** Counts the values that are there; some encodings must know. */
function countHighest(bytes: Uint8Array, most: number, count: number): number {
  const reader = levelReader(bytes, most);
  const room = new ReusedRoom();
  let highest = 0;
  for (let left = count; left > 0; left -= SOME_LEVELS) {
    room.clear();
    const levels = reader.take(Math.min(left, SOME_LEVELS), room);
    checkLevels(levels, most);
    for (const level of levels) highest += Number(level === most);
  }
  return highest;
}

function levelReader(bytes: Uint8Array, most: number): HybridReader {
  return new HybridReader(bytes, 32 - Math.clz32(most));
}

function checkLevels(levels: Int32Array, most: number): void {
  for (const level of levels)
    if (level > most) throw invalidParquet(`a level is ${level} where ${most} is the highest`);
}
