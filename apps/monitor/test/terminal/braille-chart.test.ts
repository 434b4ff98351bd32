import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { ChartColumns } from "../../src/compute/chart-window.ts";
import { brailleChart } from "../../src/terminal/braille-chart.ts";

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
  expect(brailleChart(columnsOf([7, 6, 5, 4, 3, 2, 1, 0]), 2, false).rows).toEqual(["⠑⢄  ", "  ⠑⢄"]);
});

test("every extreme has its dot, for any values", () => {
  const values = fc.array(fc.double({ noNaN: true, min: -1e300, max: 1e300 }), {
    minLength: 1,
    maxLength: 60,
  });
  fc.assert(
    fc.property(values, fc.integer({ min: 1, max: 12 }), (values, height) => {
      const columns = columnsOf(values);
      const chart = brailleChart(columns, height, false);
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
  const chart = brailleChart(columnsOf([10, 0, -1, 1]), 2, true);
  expect(chart.hidden).toBe(2);
  expect(chart.scale).toMatchObject({ low: 1, high: 10 });
});

test("points that are not finite are marked where they stand and break the line", () => {
  const chart = brailleChart(columnsOf([1, 1, Number.NaN, Infinity, 1, 1]), 1, false);
  expect([...chart.marks]).toEqual([0, 1, 0]);
  expect(chart.rows[0]![1]).toBe(" ");
});

test("a line is not drawn across a resume", () => {
  const columns = columnsOf([0, 0, 9, 9]);
  const rise = (joined: number[]): string[] => [
    ...brailleChart({ ...columns, joined: Uint8Array.from(joined) }, 3, false).rows,
  ];
  expect(rise([1, 1, 1, 1])).not.toEqual(rise([1, 1, 0, 1]));
  expect(rise([1, 1, 0, 1])[1]).toBe("  ");
});

test("the smoothed line is told apart from the raw one", () => {
  const columns = columnsOf([0, 0, 9, 9]);
  const chart = brailleChart(columns, 3, false, Float64Array.from([4, 4, 4, 4]));
  expect([...chart.smoothed[1]!]).toEqual([1, 1]);
});
