import { QuantileSketch } from "@lossflow/core/running";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ByteReader } from "../../src/fold/byte-reader.ts";
import { ByteWriter } from "../../src/fold/byte-writer.ts";
import type { SketchOfCells } from "../../src/fold/merged-counts.ts";
import { SketchTable } from "../../src/fold/sketch-table.ts";
import { SEED, seededRandom } from "../seeded-random.ts";

/** Losses of cells, in the order in which they are added. */
type Rows = readonly (readonly [cell: number, loss: number])[];

const anyLoss = fc.oneof(
  fc.constantFrom(0, -0, 1, 1, 1, 1.0001, Infinity, -Infinity, Number.NaN, 5e-324, Number.MAX_VALUE, -3),
  fc.double(),
);
const anyRows = (cells: number): fc.Arbitrary<Rows> =>
  fc.array(fc.tuple(fc.nat(cells - 1), anyLoss), { maxLength: 60 });

function tableOf(rows: Rows): SketchTable {
  const table = new SketchTable();
  table.addArray(
    Int32Array.from(rows, ([cell]) => cell),
    Float64Array.from(rows, ([, loss]) => loss),
    rows.length,
  );
  return table;
}

/** What a reader gave, as a sketch of its own. */
function sketchFrom({ buckets, counts }: SketchOfCells): QuantileSketch {
  const sketch = new QuantileSketch();
  buckets.forEach((bucket, i) => sketch.addBucket(bucket, counts[i]!));
  return sketch;
}

function textOf(sketch: SketchOfCells): string {
  return sketchFrom(sketch).toBytes().join();
}

/** The sketch of some cells, made without a table. */
function sketchOf(rows: Rows, cells: readonly number[]): string {
  const sketch = new QuantileSketch();
  for (const [cell, loss] of rows) if (cells.includes(cell) && !Number.isNaN(loss)) sketch.add(loss);
  return sketch.toBytes().join();
}

function expectSketches(table: SketchTable, rows: Rows, cells: number): void {
  const read = table.reader();
  for (let cell = 0; cell < cells; cell++) expect(textOf(read([cell]))).toBe(sketchOf(rows, [cell]));
  const all = Array.from({ length: cells }, (_, cell) => cell);
  expect(textOf(read(all))).toBe(sketchOf(rows, all));
}

function bytesOf(table: SketchTable, places: Int32Array | null = null): Uint8Array {
  const out = new ByteWriter();
  table.write(out, places);
  return out.done();
}

const RUNS = { seed: SEED, numRuns: 200 };

describe("sketches of many cells are those made one by one", () => {
  test("of tables that are merged, with cells that move, are left out or become one", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(anyRows(5), fc.array(fc.integer({ min: -1, max: 6 }), { minLength: 5, maxLength: 5 })),
          {
            maxLength: 6,
          },
        ),
        (tables) => {
          const table = new SketchTable();
          for (const [rows, at] of tables) table.merge(tableOf(rows), Int32Array.from(at));
          const rows = tables.flatMap(([own, at]) => own.map(([cell, loss]) => [at[cell]!, loss] as const));
          expectSketches(table, rows, 7);
        },
      ),
      RUNS,
    );
  });

  test("of tables that are written and read, in other places", () => {
    fc.assert(
      fc.property(anyRows(4), anyRows(4), (one, other) => {
        const table = tableOf(one);
        table.merge(tableOf(other), null);
        const places = Int32Array.of(2, 0, 3, 1);
        const rows = [...one, ...other].map(([cell, loss]) => [places[cell]!, loss] as const);
        const read = new SketchTable();
        read.read(new ByteReader(bytesOf(table, places)), 4);
        expectSketches(read, rows, 4);
        read.merge(tableOf(one), null);
        expectSketches(read, [...rows, ...one], 4);
      }),
      RUNS,
    );
  });

  test("of more losses than are gathered at once, whatever a reader saw before", () => {
    const random = seededRandom(SEED);
    const rows: Rows = Array.from({ length: 300_000 }, () => [
      Math.floor(random() * 40),
      1 / (random() + 1e-9) ** 8,
    ]);
    const table = new SketchTable();
    table.merge(tableOf(rows.slice(0, 200_000)), null);
    expect(textOf(table.reader()([7]))).toBe(sketchOf(rows.slice(0, 200_000), [7]));
    table.merge(tableOf(rows.slice(200_000)), null);
    const read = table.reader();
    for (const cell of [0, 7, 39]) expect(textOf(read([cell]))).toBe(sketchOf(rows, [cell]));
    expect(bytesOf(table).length).toBeLessThan(4 * 300_000);
    table.clear();
    expect(sketchFrom(table.reader()([7])).count).toBe(0);
  });

  test("of cells whose buckets are dense in part, which count past what half a byte holds, while tables are merged into them", () => {
    const random = seededRandom(SEED);
    const table = new SketchTable();
    const rows: (readonly [number, number])[] = [];
    for (let part = 0; part < 12; part++) {
      // Most lie within a doubling, some far away, cell 2 is moved by the part.
      const more: Rows = Array.from({ length: 40_000 }, () => {
        const cell = Math.floor(random() * 3);
        const spread = random() < 0.98 ? random() : 2 ** (60 * random() - 30);
        return [cell, (1 + spread) * (cell === 2 ? 4 ** part : -1)];
      });
      table.merge(tableOf(more), null);
      rows.push(...more);
      if (part % 4 === 3) expectSketches(table, rows, 3);
    }
    const again = new SketchTable();
    again.read(new ByteReader(bytesOf(table)), 3);
    expectSketches(again, rows, 3);
  });

  test("a bucket counted more often than 32 bits hold", () => {
    const table = new SketchTable();
    table.addArray(null, Float64Array.of(1, 1, 2), 3);
    for (let k = 0; k < 40; k++) table.merge(table, null);
    const other = new SketchTable();
    other.read(new ByteReader(bytesOf(table)), 1);
    const read = sketchFrom(other.reader()([0]));
    expect(read.count).toBe(3 * 2 ** 40);
    expect(read.quantile(0.5)).toBe(sketchFrom(tableOf([[0, 1]]).reader()([0])).quantile(0.5));
    const again = (): void => {
      for (let k = 0; k < 13; k++) table.merge(table, null);
      table.reader();
    };
    expect(again).toThrow(expect.objectContaining({ code: "LF_COUNT" }));
    table.clear();
    table.addArray(null, Float64Array.of(1, 1), 2);
    expect(sketchFrom(table.reader()([0])).count).toBe(2);
  });
});

test("bytes that are cut, changed or made up are refused, or hold what a table could", () => {
  const bytes = bytesOf(
    tableOf([
      [0, 1],
      [0, 1],
      [1, 2],
      [1, 1e300],
      [2, 0],
    ]),
  );
  const tryRead = (damaged: Uint8Array): string => {
    try {
      const from = new ByteReader(damaged);
      const table = new SketchTable();
      table.read(from, 3);
      const read = sketchFrom(table.reader()([0, 1, 2]));
      return Number.isSafeInteger(read.count) ? "read" : "wrong";
    } catch (error) {
      return (error as { code?: string }).code ?? String(error);
    }
  };
  for (let cut = 0; cut < bytes.length; cut++) expect(tryRead(bytes.slice(0, cut))).toBe("LF_STATE_DAMAGED");
  const seen = new Set<string>();
  for (let at = 0; at < bytes.length; at++) {
    for (let value = 0; value < 256; value += 3) {
      const damaged = bytes.slice();
      damaged[at] = value;
      seen.add(tryRead(damaged));
    }
  }
  expect([...seen].sort()).toEqual(["LF_STATE_DAMAGED", "read"]);
});
