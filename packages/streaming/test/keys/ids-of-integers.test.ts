import { expect, test } from "vitest";
import type { Column, DictionaryColumn, NumberColumn } from "../../src/columns/column.ts";
import { idsFromColumn } from "../../src/keys/ids-from-column.ts";
import { ValueTable } from "../../src/keys/value-table.ts";

const PLACE = { source: "table", column: "g", firstRow: 0 };
const ARRAYS = {
  i8: Int8Array,
  u8: Uint8Array,
  i16: Int16Array,
  u16: Uint16Array,
  i32: Int32Array,
  u32: Uint32Array,
  i64: BigInt64Array,
  u64: BigUint64Array,
  f32: Float32Array,
} as const;

function columnOf(
  format: keyof typeof ARRAYS,
  numbers: readonly (number | bigint)[],
  nulls: readonly number[] = [],
): NumberColumn {
  const isLong = format === "i64" || format === "u64";
  const values = isLong ? ARRAYS[format].from(numbers.map(BigInt)) : ARRAYS[format].from(numbers.map(Number));
  const validity = new Uint8Array((numbers.length + 7) >> 3).fill(255);
  for (const row of nulls) validity[row >> 3]! &= ~(1 << (row & 7));
  return {
    kind: "number",
    format,
    length: numbers.length,
    bitOffset: 0,
    validity: nulls.length === 0 ? null : validity,
    values: new Uint8Array(values.buffer),
  };
}

function keysOf(column: Column): unknown[] {
  const table = new ValueTable();
  const ids = idsFromColumn(column, PLACE, table);
  return Array.from(ids, (id) => table.keyAt(id)?.v ?? null);
}

test.each([
  ["i8", [-128, 127, 0, -1, -128]],
  ["u8", [255, 0, 255, 7]],
  ["i16", [-32768, 32767, 3, -32768]],
  ["u16", [65535, 0, 65535]],
  ["i32", [-(2 ** 31), 2 ** 31 - 1, 0, -(2 ** 31)]],
  ["u32", [2 ** 31 - 1, 0, 5]],
  ["u32", [2 ** 32 - 1, 2 ** 31, 0, 2 ** 32 - 1]],
  ["i64", [-5n, 2n ** 31n - 1n, -(2n ** 31n), -5n]],
  ["i64", [2n ** 31n, -(2n ** 31n) - 1n, 2n ** 32n, 0n, 2n ** 31n]],
  ["u64", [2n ** 31n - 1n, 0n, 2n ** 31n - 1n]],
  ["u64", [2n ** 31n, 2n ** 32n - 1n, 4n]],
  ["f32", [0.5, 3, 0.5]],
] as const)("keys of %s are the numbers: %s", (format, numbers) => {
  expect(keysOf(columnOf(format, numbers))).toEqual(numbers.map(Number));
});

test("integers past 2^53 are keys by their digits", () => {
  const column = columnOf("u64", [2n ** 64n - 1n, 3n, 2n ** 63n]);
  expect(keysOf(column)).toEqual(["18446744073709551615", 3, "9223372036854775808"]);
  expect(keysOf(columnOf("u64", [2n ** 64n - 1n]))).toEqual(["18446744073709551615"]);
});

test.each(["i8", "i32", "u32", "i64", "u64"] as const)(
  "a null row of %s is null, whatever stands there",
  (format) => {
    const high = format === "i8" ? 100 : 2 ** 31;
    const [first, second] = [format === "i32" ? -7 : high, 3];
    expect(keysOf(columnOf(format, [first, second, 1, 1], [0, 2]))).toEqual([null, 3, null, 1]);
  },
);

test.each(["i8", "u8", "u16", "i32", "u32", "i64", "u64", "f32"] as const)(
  "codes of %s name the entries of a dictionary, of which null rows have none",
  (format) => {
    const codes = columnOf(format, [1, 3, 0, 1, 2, 3], [4]);
    const column: DictionaryColumn = {
      kind: "dictionary",
      length: 6,
      bitOffset: 0,
      validity: null,
      codes,
      values: [columnOf("i32", [10, 20]), columnOf("f32", [0.5, 20])],
    };
    expect(keysOf(column)).toEqual([20, 20, 10, 20, null, 20]);
    const outside = { ...column, codes: columnOf(format, [1, 4, 0, 1, 2, 3]) };
    expect(() => keysOf(outside)).toThrow(/dictionary has 4 entries, and the row asks for number 4/);
  },
);
