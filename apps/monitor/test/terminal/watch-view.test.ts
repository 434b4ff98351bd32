import { expect, test } from "vitest";
import type { ChartWindow } from "../../src/compute/chart-window.ts";
import { SeriesSummary } from "../../src/compute/series-summary.ts";
import { styleFor } from "../../src/format/style.ts";
import { textWidth } from "../../src/format/text-width.ts";
import { renderWatch, type WatchView } from "../../src/terminal/watch-view.ts";

const PLAIN = styleFor({ isTTY: false }, {});
const COLOUR = styleFor({ isTTY: true }, {});

function seriesOf(name: string, values: readonly number[]): SeriesSummary {
  const series = new SeriesSummary(name);
  values.forEach((value, step) => series.add(value, step));
  return series;
}

function windowOf(values: readonly number[], pixels: number): ChartWindow {
  const column = (): Float64Array => new Float64Array(pixels).fill(Number.NaN);
  const columns = {
    min: column(),
    max: column(),
    first: column(),
    last: column(),
    nonFinite: new Float64Array(pixels),
    joined: new Uint8Array(pixels).fill(1),
  };
  values.forEach((value, i) => {
    const x = Math.floor((i * pixels) / values.length);
    if (!Number.isFinite(value)) {
      columns.nonFinite[x]!++;
      return;
    }
    columns.min[x] = Math.min(value, Number.isNaN(columns.min[x]!) ? value : columns.min[x]!);
    columns.max[x] = Math.max(value, Number.isNaN(columns.max[x]!) ? value : columns.max[x]!);
    if (Number.isNaN(columns.first[x]!)) columns.first[x] = value;
    columns.last[x] = value;
  });
  return {
    lines: [{ colour: 0, superseded: false, columns, smoothed: null }],
    smoothing: null,
    points: values.length,
    superseded: 0,
    unplaced: 0,
    axis: "step",
    logX: false,
    from: 0,
    to: values.length - 1,
  };
}

const VALUES = Array.from({ length: 400 }, (_, i) => (i === 300 ? Number.NaN : 2 + 3 * Math.exp(-i / 60)));

function viewOf(changes: Partial<WatchView> = {}): WatchView {
  return {
    run: "gpt2",
    runIndex: 0,
    runCount: 2,
    awaited: 0,
    format: "nanogpt",
    confidence: 1,
    metrics: [seriesOf("train/loss", VALUES), seriesOf("lr", [0.1, 0.2])],
    selected: 0,
    events: [
      {
        kind: "nan",
        step: 300,
        lastStep: 300,
        count: 1,
        metric: "train/loss",
        value: null,
        message: "train/loss is NaN.",
      },
    ],
    chart: (pixels) => windowOf(VALUES, pixels),
    legend: [{ label: "train/loss", colour: 0 }],
    scale: "linear",
    help: false,
    status: "last byte 2 s ago",
    ...changes,
  };
}

test("a screen reads as a person expects it", () => {
  expect(`\n${renderWatch(viewOf(), 76, 20, PLAIN).join("\n")}\n`).toMatchSnapshot();
});

test("any size of terminal is filled exactly and never exceeded", () => {
  for (const [columns, rows] of [
    [20, 4],
    [40, 8],
    [80, 24],
    [200, 60],
    [10, 2],
  ] as const) {
    for (const help of [false, true]) {
      const lines = renderWatch(viewOf({ help }), columns, rows, PLAIN);
      expect(lines).toHaveLength(rows);
      for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(Math.max(columns, 14));
    }
  }
});

test("colours change nothing but colours", () => {
  // oxlint-disable-next-line no-control-regex
  const bare = renderWatch(viewOf(), 80, 24, COLOUR).map((line) => line.replace(/\u001b\[[\d;]+m/g, ""));
  expect(bare).toEqual(renderWatch(viewOf(), 80, 24, PLAIN));
});

test("hostile names reach the screen in visible form only", () => {
  const evil = "\u001b]52;c;x\u0007\u202eloss";
  const lines = renderWatch(
    viewOf({
      run: evil,
      format: evil,
      metrics: [seriesOf(evil, VALUES), seriesOf(`${evil}2`, [1])],
      events: [{ kind: "spike", step: 1, lastStep: 1, count: 1, metric: evil, value: 1, message: evil }],
    }),
    100,
    24,
    PLAIN,
  );
  // oxlint-disable-next-line no-control-regex
  expect(lines.join("")).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
  expect(lines.join("\n")).toContain("␛]52;c;x␇");
});

test("where no value is finite the y axis has no numbers", () => {
  const lost = [Number.NaN, Number.NaN];
  const lines = renderWatch(
    viewOf({ metrics: [seriesOf("loss", lost)], events: [], chart: (pixels) => windowOf(lost, pixels) }),
    60,
    12,
    PLAIN,
  );
  const axis = lines.filter((line) => /[│┤]/.test(line));
  expect(axis.length).toBeGreaterThan(3);
  for (const line of axis) expect(line.trim()).toBe("│");
});

test("before the first metric the view says so", () => {
  expect(renderWatch(viewOf({ metrics: [], events: [] }), 60, 10, PLAIN).join("\n")).toContain(
    "no metric yet",
  );
});

test("points before the beginning of a logarithmic axis are counted as hidden", () => {
  const chart = (pixels: number): ChartWindow => ({ ...windowOf(VALUES, pixels), logX: true, unplaced: 3 });
  expect(renderWatch(viewOf({ chart }), 100, 30, PLAIN).join("\n")).toContain("3 extrema");
});
