import fc from "fast-check";
import { expect, test } from "vitest";
import { foldColumns } from "../../src/plot/fold-columns.ts";
import { RunTime } from "../../src/plot/run-time.ts";
import { SegmentStarts } from "../../src/plot/segment-starts.ts";
import { SeriesPlot } from "../../src/plot/series-plot.ts";
import { COLUMN_FIELDS, type SeriesColumns } from "../../src/plot/series-window.ts";
import { bytesFromWindows, windowsFromBytes } from "../../src/plot/window-bytes.ts";

const SEED = Number(process.env["LOSSFLOW_SEED"] ?? 20_261_124);

/** Numbers from 0 to 1 that are the same every time. */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
}

function plotOf(values: readonly number[]): SeriesPlot {
  const plot = new SeriesPlot(new RunTime(), new SegmentStarts(), 4_096);
  values.forEach((value, step) =>
    plot.add(value, { step, epoch: NaN, tokens: NaN, samples: NaN, time: NaN }, 0),
  );
  return plot;
}

function columnsOf(plot: SeriesPlot, from: number, to: number, columns: number): SeriesColumns {
  return plot.window({ axis: "step", log: false, from, to, columns, smoothing: null }).columns;
}

const total = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);

test("a spike of one step among 100,000 is in every picture of it, wherever it stands", () => {
  const random = seededRandom(SEED);
  const size = 100_000;
  const values = Array.from({ length: size }, () => 2 + random() * 0.1);
  const spikes = Array.from({ length: 50 }, () => Math.floor(random() * size));
  spikes.forEach((step, k) => (values[step] = k % 2 === 0 ? 50 + k : -50 - k));
  const plot = plotOf(values);
  for (const columns of [60, 400, 1_200]) {
    const whole = columnsOf(plot, 0, size - 1, columns);
    for (const step of spikes) {
      const drawn = [...whole.minX, ...whole.maxX];
      const at = drawn.indexOf(step);
      const column = Math.floor((step / (size - 1)) * columns);
      const others = spikes.filter((other) => Math.floor((other / (size - 1)) * columns) === column);
      // Of several in one pixel the extreme ones are drawn.
      if (others.length <= 2 && new Set(others.map((other) => values[other]! > 0)).size === others.length) {
        expect(at).toBeGreaterThanOrEqual(0);
        expect([...whole.min, ...whole.max][at]).toBe(values[step]);
      }
    }
    expect(Math.max(...whole.max)).toBe(Math.max(...values));
    expect(Math.min(...whole.min)).toBe(Math.min(...values));
    expect(total(whole.finite)).toBe(size);
  }
});

const points = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.double({ noNaN: true, min: -1e6, max: 1e6 }) },
    { weight: 1, arbitrary: fc.constantFrom(NaN, Infinity, -Infinity) },
  ),
  { minLength: 1, maxLength: 400 },
);

test("columns count every point once, finite or not, at any width", () => {
  fc.assert(
    fc.property(points, fc.integer({ min: 1, max: 500 }), (values, width) => {
      const columns = columnsOf(plotOf(values), 0, values.length - 1, width);
      expect(total(columns.finite)).toBe(values.filter(Number.isFinite).length);
      expect(total(columns.nonFinite)).toBe(values.length - values.filter(Number.isFinite).length);
      for (let i = 0; i < columns.column.length; i++)
        expect(columns.low[i]!).toBeLessThanOrEqual(columns.high[i]!);
    }),
    { seed: SEED },
  );
});

test("columns folded again keep counts, extremes and their places", () => {
  fc.assert(
    fc.property(points, fc.integer({ min: 1, max: 40 }), (values, width) => {
      const last = values.length - 1;
      const fine = columnsOf(plotOf(values), 0, last, 1_000);
      const coarse = foldColumns(fine, 0, last, width);
      expect(total(coarse.finite)).toBe(total(fine.finite));
      expect(total(coarse.nonFinite)).toBe(total(fine.nonFinite));
      const finite = values.filter(Number.isFinite);
      if (finite.length === 0) return;
      const max = Math.max(...finite);
      const at = coarse.max.indexOf(max);
      expect(at).toBeGreaterThanOrEqual(0);
      expect(values[coarse.maxX[at]!]).toBe(max);
      const min = Math.min(...finite);
      expect(values[coarse.minX[coarse.min.indexOf(min)]!]).toBe(min);
    }),
    { seed: SEED },
  );
});

test("windows come out of their bytes as they went in, and cut bytes are refused", () => {
  const plot = plotOf([1, NaN, 3, -Infinity, 5]);
  const windows = [
    plot.window({ axis: "step", log: false, from: 0, to: 4, columns: 5, smoothing: 1 }),
    plot.window({ axis: "epoch", log: false, from: 0, to: 4, columns: 5, smoothing: null }),
  ];
  const bytes = bytesFromWindows(windows);
  const back = windowsFromBytes(bytes.buffer);
  expect(back).toHaveLength(2);
  for (const field of COLUMN_FIELDS)
    expect([...back[0]!.columns[field]]).toEqual([...windows[0]!.columns[field]]);
  expect([...back[0]!.smoothed!.y]).toEqual([...windows[0]!.smoothed!.y]);
  expect(back[1]).toMatchObject({ smoothed: null });
  for (const size of [0, 8, 7, bytes.length - 8])
    expect(() => windowsFromBytes(bytes.buffer.slice(0, size))).toThrow(
      expect.objectContaining({ code: "LF_BAD_WINDOWS" }),
    );
});
