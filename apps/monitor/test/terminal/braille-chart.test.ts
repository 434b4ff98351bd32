import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { ChartColumns } from "../../src/compute/chart-window.ts";
import type { YScale } from "../../src/plot/y-scale.ts";
import { type BrailleChart, brailleChart, CELL, MARK } from "../../src/terminal/braille-chart.ts";

function columnsOf(values: readonly number[]): ChartColumns {
  const finite = values.map((value) => (Number.isFinite(value) ? value : Number.NaN));
  const ends = Float64Array.from(finite);
  return {
    min: ends,
    max: ends,
    first: ends,
    last: ends,
    nonFinite: Float64Array.from(values, (value) => (Number.isFinite(value) ? 0 : 1)),
    joined: new Uint8Array(values.length).fill(1),
  };
}

/** One line drawn alone. */
function drawn(
  columns: ChartColumns,
  height: number,
  scale: YScale,
  smoothed: Float64Array | null = null,
): BrailleChart {
  const width = Math.ceil(columns.min.length / 2);
  return brailleChart([{ colour: 0, superseded: false, columns, smoothed }], width, height, scale);
}

/** Whether the dot of a value stands in the chart, read back from the braille text. */
function hasDot(rows: readonly string[], x: number, y: number): boolean {
  const cell = rows[y >> 2]![x >> 1]!;
  const bits = cell === " " ? 0 : cell.codePointAt(0)! - 0x2800;
  const dot = [
    [0x01, 0x02, 0x04, 0x40],
    [0x08, 0x10, 0x20, 0x80],
  ][x & 1]![y & 3]!;
  return (bits & dot) !== 0;
}

test("a falling line runs from the top left to the bottom right", () => {
  expect(drawn(columnsOf([7, 6, 5, 4, 3, 2, 1, 0]), 2, "linear").rows).toEqual(["⠑⢄  ", "  ⠑⢄"]);
});

test("every extreme has its dot, for any values", () => {
  const values = fc.array(fc.double({ noNaN: true, min: -1e300, max: 1e300 }), {
    minLength: 1,
    maxLength: 60,
  });
  fc.assert(
    fc.property(values, fc.integer({ min: 1, max: 12 }), (values, height) => {
      const columns = columnsOf(values);
      const chart = drawn(columns, height, "linear");
      expect(chart.hidden).toBe(0);
      values.forEach((value, x) => {
        const y = Math.round((1 - chart.scale.share(value)) * (height * 4 - 1));
        expect(hasDot(chart.rows, x, y)).toBe(true);
      });
    }),
    { seed: Number(process.env["LOSSFLOW_SEED"] ?? 7), numRuns: 200 },
  );
});

test("a value that a logarithmic scale cannot show is counted as hidden, never drawn as something else", () => {
  const chart = drawn(columnsOf([10, 0, -1, 1]), 2, "log");
  expect(chart.hidden).toBe(2);
  expect(chart.scale.low).toBeCloseTo(1, 12);
  expect(chart.scale.high).toBeCloseTo(10, 12);
  expect(drawn(columnsOf([10, 0, -1, 1]), 2, "symlog").hidden).toBe(0);
});

test("points that are not finite are marked where they stand and break the line", () => {
  const chart = drawn(columnsOf([1, 1, Number.NaN, Infinity, 1, 1]), 1, "linear");
  expect([...chart.marks]).toEqual([MARK.nothing, MARK.nonFinite, MARK.nothing]);
  expect(chart.rows[0]![1]).toBe(" ");
});

test("a smoothed line goes on over columns without a value", () => {
  const columns = columnsOf([0, 1, 2, 3, 4, 5, 6, 7]);
  const smoothed = (middle: number): string[] => [
    ...drawn(columns, 2, "linear", Float64Array.from([7, 7, 7, middle, middle, 7, 7, 7])).rows,
  ];
  expect(smoothed(Number.NaN)).toEqual(smoothed(7));
});

test("what was superseded is no line that a digit stands for", () => {
  const columns = columnsOf([0, 1, 2, 3]);
  const line = { colour: 0, columns, smoothed: null };
  const chart = brailleChart(
    [
      { ...line, superseded: true },
      { ...line, superseded: false },
    ],
    2,
    2,
    "linear",
  );
  expect(chart.lines.map(({ colour }) => colour)).toEqual([0]);
});

test("a line is not drawn across a resume", () => {
  const columns = columnsOf([0, 0, 9, 9]);
  const rise = (joined: number[]): string[] => [
    ...drawn({ ...columns, joined: Uint8Array.from(joined) }, 3, "linear").rows,
  ];
  expect(rise([1, 1, 1, 1])).not.toEqual(rise([1, 1, 0, 1]));
  expect(rise([1, 1, 0, 1])[1]).toBe("  ");
});

test("the smoothed line is told apart from the raw one", () => {
  const columns = columnsOf([0, 0, 9, 9]);
  const chart = drawn(columns, 3, "linear", Float64Array.from([4, 4, 4, 4]));
  expect([...chart.owners.subarray(2, 4)]).toEqual([CELL.smoothed, CELL.smoothed]);
});

test("a value with no place on the scale is marked and breaks the line, raw and smoothed", () => {
  const values = [10, 10, -1, -1, 10, 10];
  const chart = drawn(columnsOf(values), 2, "log", Float64Array.from(values));
  expect([...chart.marks]).toEqual([MARK.nothing, MARK.belowScale, MARK.nothing]);
  for (const row of chart.rows) expect(row[1]).toBe(" ");
  expect([...drawn(columnsOf(values), 2, "linear").marks]).toEqual([0, 0, 0]);
});
