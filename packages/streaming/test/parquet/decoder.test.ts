import { parquetReadObjects } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { describe, expect, test } from "vitest";
import { idsFromColumn } from "../../src/keys/ids-from-column.ts";
import type { Key } from "../../src/keys/key.ts";
import { ValueTable } from "../../src/keys/value-table.ts";
import type { Column } from "../../src/columns/column.ts";
import { numbersFromColumn } from "../../src/columns/numbers-from-column.ts";
import { timesFromColumn } from "../../src/columns/times-from-column.ts";
import { holdsLists, vectorsFromColumn } from "../../src/columns/vectors-from-column.ts";
import { createCrc32 } from "../../src/parquet/crc32.ts";
import { numbersFromDeltas } from "../../src/parquet/delta-numbers.ts";
import { piecesFromParquet } from "../../src/parquet/columns-from-parquet.ts";
import { HybridReader, numbersFromHybrid } from "../../src/parquet/rle-levels.ts";
import { thriftStructAt } from "../../src/parquet/thrift-struct.ts";
import { Arena } from "../../src/source/arena.ts";
import { memoryBytes } from "../../src/source/memory-bytes.ts";
import type { ParquetPayload } from "../../src/source/table-source.ts";
import { openTable } from "../../src/source/open-table.ts";
import { columnsFromPayload } from "../../src/worker/columns-from-payload.ts";
import { sharedFiles } from "../shared-data.ts";

const refused = expect.objectContaining({ code: "LF_PARQUET_INVALID" });
const place = { source: "file", column: "x", firstRow: 0 };

/** The rows of a column as plain values, for comparison with another decoder. */
function rowsOf(column: Column): unknown[] {
  if (column.kind === "unsupported") return [];
  if (holdsLists(column)) {
    const { size, values, rowNulls } = vectorsFromColumn(column, place, { falseIs: 0 });
    return Array.from({ length: column.length }, (_, i) =>
      rowNulls?.[i] === 1 ? null : Array.from(values.subarray(i * size, (i + 1) * size)),
    );
  }
  if (column.kind === "number" && (column.format === "i64" || column.format === "u64")) {
    return keysOf(column).map((key) => (key === null ? null : String(key.v)));
  }
  if (column.kind === "dictionary" || column.kind === "text") {
    return keysOf(column).map((key) => key?.v ?? null);
  }
  const { values, nulls } =
    column.kind === "time"
      ? timesFromColumn(column, place)
      : numbersFromColumn(column, place, { falseIs: 0 });
  return Array.from(values, (value, i) => (nulls?.[i] === 1 ? null : value));
}

function keysOf(column: Column): Key[] {
  const table = new ValueTable();
  return Array.from(idsFromColumn(column, place, table), (id) => table.keyAt(id));
}

/** A value of the other decoder in the same form. */
function plain(value: unknown): unknown {
  if (value === undefined || value === null) return null;
  // The other decoder has no more than milliseconds.
  if (value instanceof Date) return value.getTime() * 1000;
  if (typeof value === "bigint") return String(value);
  if (typeof value === "boolean") return value ? 1 : 0;
  return Array.isArray(value) ? value.map(plain) : value;
}

const FILES = [
  ...sharedFiles("parquet_tables"),
  ...sharedFiles("predictions").filter(({ name }) => name.endsWith("parquet")),
];

describe.runIf(FILES.length > 0)("real files hold what another decoder finds in them, value by value", () => {
  test.each(FILES)("$name", async ({ bytes }) => {
    const table = await openTable(memoryBytes(bytes, "file"));
    const found = new Map<string, unknown[]>(table.columns.map((name) => [name, []]));
    const inPieces = new Map<string, unknown[]>(table.columns.map((name) => [name, []]));
    for await (const { payload, rows } of table.segments(table.columns, new Arena(2))) {
      const { columns } = await columnsFromPayload(payload, rows, "file", 0);
      for (const [i, column] of columns.entries()) found.get(table.columns[i]!)!.push(...rowsOf(column));
      for (const piece of piecesFromParquet(payload as ParquetPayload, Math.ceil(rows / 7)))
        for (const [i, column] of piece.entries()) inPieces.get(table.columns[i]!)!.push(...rowsOf(column));
    }
    expect([...inPieces]).toEqual([...found]);
    const file = {
      byteLength: bytes.length,
      slice: (from: number, to?: number) => bytes.slice(from, to).buffer,
    };
    const due = await parquetReadObjects({ file, compressors });
    for (const [name, values] of found) {
      if (values.length === 0) continue;
      expect([name, ...values]).toEqual([name, ...due.map((row) => plain(row[name]))]);
    }
  });
});

describe("runs and bit-packed groups", () => {
  test("are told apart by the last bit of their header", () => {
    // A run of five 3s, then eight numbers of three bits: 0 to 7, as the format's documentation packs them.
    const bytes = Uint8Array.of(10, 3, 3, 0b10001000, 0b11000110, 0b11111010);
    expect([...numbersFromHybrid(bytes, 3, 13)]).toEqual([3, 3, 3, 3, 3, 0, 1, 2, 3, 4, 5, 6, 7]);
    const reader = new HybridReader(bytes, 3);
    expect([2, 4, 0, 5, 2].map((count) => [...reader.take(count)])).toEqual([
      [3, 3],
      [3, 3, 3, 0],
      [],
      [1, 2, 3, 4, 5],
      [6, 7],
    ]);
  });

  test("a run that claims two thousand million values fills what is asked for and no more", () => {
    expect([...numbersFromHybrid(Uint8Array.of(0xfe, 0xff, 0xff, 0xff, 0x0f, 1), 1, 4)]).toEqual([
      1, 1, 1, 1,
    ]);
  });

  test.each([
    ["no header", []],
    ["a header without end", [0xff, 0xff, 0xff, 0xff, 0xff, 0xff]],
    ["a run without value", [10]],
    ["a group that is cut", [3, 0]],
    ["runs of nothing", [0, 0]],
  ])("%s is refused", (_name, bytes) => {
    expect(() => numbersFromHybrid(Uint8Array.from(bytes), 3, 8)).toThrow(refused);
  });
});

describe("delta-packed integers", () => {
  test("follow the example of the format's documentation: 7, 5, 3, 1, 2, 3, 4, 5", () => {
    // One block of 128 in 4 parts; 8 values from 7 (14 in zigzag); least delta -2 (3), 2 bits: 0 0 0 3 3 3 3.
    const bytes = Uint8Array.of(
      128,
      1,
      4,
      8,
      14,
      3,
      2,
      0,
      0,
      0,
      0b11000000,
      0b00111111,
      ...Array<number>(6).fill(0),
    );
    expect([...numbersFromDeltas(bytes, 0, 8, false).values]).toEqual([7, 5, 3, 1, 2, 3, 4, 5]);
    expect([...numbersFromDeltas(bytes, 0, 8, true).values]).toEqual([7n, 5n, 3n, 1n, 2n, 3n, 4n, 5n]);
  });

  test.each([
    ["no parts in a block", [128, 1, 0, 8, 14]],
    ["a block of nothing", [0, 4, 8, 14]],
    ["another count", [128, 1, 4, 9, 14]],
    ["a block that is cut", [128, 1, 4, 8, 14, 3, 2, 0, 0, 0, 1]],
    ["values of 65 bits", [128, 1, 4, 8, 14, 3, 65, 0, 0, 0, ...Array<number>(300).fill(0)]],
  ])("%s is refused", (_name, bytes) => {
    expect(() => numbersFromDeltas(Uint8Array.from(bytes), 0, 8, true)).toThrow(refused);
  });
});

describe("thrift", () => {
  test("structs, lists, texts and numbers", () => {
    // 1: -3 (i32), 2: "ab", 4: [1, 2] (i64), 5: true
    const { struct, end } = thriftStructAt(
      Uint8Array.of(0x15, 5, 0x18, 2, 97, 98, 0x29, 0x26, 2, 4, 0x11, 0),
      0,
    );
    expect([struct.int(1), struct.text(2), struct.list(4), struct.boolean(5), struct.int(9), end]).toEqual([
      -3,
      "ab",
      [1, 2],
      true,
      undefined,
      12,
    ]);
  });

  test.each([
    ["no end", [0x15, 5]],
    ["a list longer than what is left", [0x19, 0xf5, 0xff, 0xff, 0xff, 0x0f, 0]],
    ["a text longer than what is left", [0x18, 100, 97, 0]],
    ["a number without end", [0x15, ...Array<number>(20).fill(0x80), 0]],
    ["nesting without end", Array<number>(200).fill(0x1c)],
    ["an unknown type", [0x1f, 0]],
  ])("%s is refused", (_name, bytes) => {
    expect(() => thriftStructAt(Uint8Array.from(bytes), 0)).toThrow(refused);
  });
});

test("the CRC-32 of the nine digits is its check value", () => {
  expect(createCrc32()(new TextEncoder().encode("123456789"))).toBe(0xcbf43926);
});
