import { describe, expect, test } from "vitest";
import type { Column } from "../../src/columns/column.ts";
import { plainAt } from "../../src/columns/plain-at.ts";
import { columnsFromParquet, piecesFromParquet } from "../../src/parquet/columns-from-parquet.ts";
import type { ParquetPages, ParquetPayload } from "../../src/source/table-source.ts";
import { seededRandom } from "../seeded-random.ts";

type List = readonly (number | null)[] | null;

const leaf: ParquetPages["leaf"] = {
  physical: "float",
  width: 4,
  format: "f32",
  time: null,
  mostDefined: 3,
  mostRepeated: 1,
  listDefined: 1,
};

describe("lists of a row group, in pages that end anywhere", () => {
  const random = seededRandom(5);
  const int = (below: number): number => Math.floor(random() * below);
  const ragged = Array.from({ length: 300 }, (): List => {
    if (int(9) === 0) return null;
    return Array.from({ length: int(8) }, () => (int(7) === 0 ? null : int(1000) / 8));
  });
  const even = Array.from({ length: 200 }, (): List => [int(9), int(9), int(9)]);
  const long = [Array.from({ length: 40_000 }, (_, i) => i), null, [], [1], []] as const;

  test.each<[string, readonly List[], number]>([
    ["ragged ones, with nulls and empty ones", ragged, 40],
    ["even ones", even, 50],
    ["one that is longer than pages and what is decoded at a time", long, 9_000],
    ["those, in one page of more levels than are looked at at a time", [...even, ...long, ...even], 1e6],
    ["none that holds anything", Array<List>(50).fill([]), 7],
  ])("%s are the same in pieces of any size", (_name, lists, most) => {
    const payload = payloadOf(lists, () => 1 + int(most));
    expect(listsOf(columnsFromParquet(payload)[0]!)).toEqual(lists);
    for (const numbers of [1, 2, 7, 64, 1000, 1e6]) {
      const pieces = Array.from(piecesFromParquet(payload, numbers), ([column]) => listsOf(column!));
      expect(pieces.flat()).toEqual(lists);
      if (numbers === 1) expect(Math.max(...pieces.map(({ length }) => length))).toBe(1);
    }
  });

  test("no piece has many more numbers than asked for, where lists are even", () => {
    const [first] = piecesFromParquet(
      payloadOf(even, () => 1 + int(50)),
      30,
    );
    expect(first![0]).toMatchObject({ kind: "list", length: 10, child: { length: 30 } });
  });

  test.each<[string, number, string]>([
    ["more", 199, "a column holds more rows than the 199 of its row group"],
    ["fewer", 201, "a column ends before the last row of its row group"],
  ])("%s rows than the row group has are refused, in pieces as at once", (_name, rows, why) => {
    const payload = { ...payloadOf(even, () => 20), rows };
    const refusal = expect.objectContaining({
      code: "LF_PARQUET_INVALID",
      message: expect.stringContaining(why),
    });
    expect(() => columnsFromParquet(payload)).toThrow(refusal);
    expect(() => [...piecesFromParquet(payload, 16)]).toThrow(refusal);
  });

  test("a column that begins within a list is refused", () => {
    const [first, ...others] = entriesOf(even);
    const payload = payloadFrom([{ ...first!, repeated: 1 }, ...others], even.length, () => 20);
    expect(() => columnsFromParquet(payload)).toThrow(
      expect.objectContaining({ message: expect.stringContaining("a column begins within a list") }),
    );
  });
});

function listsOf(column: Column): List[] {
  const place = { source: "file", column: "x", firstRow: 0 };
  return Array.from({ length: column.length }, (_, row) => plainAt(column, place, row) as List);
}

interface Entry {
  readonly repeated: number;
  readonly defined: number;
  readonly value: number;
}

function payloadOf(lists: readonly List[], next: () => number): ParquetPayload {
  return payloadFrom(entriesOf(lists), lists.length, next);
}

function entriesOf(lists: readonly List[]): Entry[] {
  return lists.flatMap((list) => {
    if (list === null || list.length === 0)
      return [{ repeated: 0, defined: list === null ? 0 : 1, value: 0 }];
    return list.map((value, i) => ({
      repeated: Number(i > 0),
      defined: value === null ? 2 : 3,
      value: value ?? 0,
    }));
  });
}

/** Pages of version 1, not compressed, of as many entries as `next` says. */
function payloadFrom(entries: readonly Entry[], rows: number, next: () => number): ParquetPayload {
  const pages: Uint8Array[] = [];
  for (let at = 0; at < entries.length;) {
    const page = entries.slice(at, (at += next()));
    const values = page.filter(({ defined }) => defined === 3).map(({ value }) => value);
    const parts = [
      ...levels(
        page.map(({ repeated }) => repeated),
        1,
      ),
      ...levels(
        page.map(({ defined }) => defined),
        2,
      ),
    ];
    const body = [Uint8Array.from(parts), new Uint8Array(Float32Array.from(values).buffer)];
    pages.push(Uint8Array.from(header(body[0]!.length + body[1]!.length, page.length)), ...body);
  }
  const bytes = new Uint8Array(pages.reduce((sum, { length }) => sum + length, 0));
  let to = 0;
  for (const part of pages) {
    bytes.set(part, to);
    to += part.length;
  }
  return { kind: "parquet", rows, columns: [{ leaf, codec: "none", values: entries.length, bytes }] };
}

/** Levels behind their length: one bit-packed run. */
function levels(given: readonly number[], width: number): number[] {
  const groups = Math.ceil(given.length / 8);
  const packed = new Uint8Array(groups * width);
  for (const [i, level] of given.entries())
    for (let bit = 0; bit < width; bit++)
      packed[(i * width + bit) >> 3]! |= ((level >> bit) & 1) << ((i * width + bit) & 7);
  const run = [...varint(2 * groups + 1), ...packed];
  return [...new Uint8Array(Uint32Array.of(run.length).buffer), ...run];
}

/** The header of a data page in Thrift's compact protocol: fields 1 to 3, and 5 with four of its own. */
function header(size: number, values: number): number[] {
  const int = (value: number): number[] => varint(2 * value);
  const data = [0x15, ...int(values), 0x15, ...int(0), 0x15, ...int(3), 0x15, ...int(3), 0];
  return [0x15, ...int(0), 0x15, ...int(size), 0x15, ...int(size), 0x2c, ...data, 0];
}

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [0x80 | (value & 0x7f), ...varint(value >> 7)];
}
