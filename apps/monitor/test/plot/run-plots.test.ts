import { openReader } from "@lossflow/logs";
import { expect, test } from "vitest";
import { RunFold } from "../../src/compute/run-fold.ts";
import type { Axis } from "../../src/plot/axis.ts";
import { countedAxis } from "../../src/plot/counter-axis.ts";
import { RunPlots } from "../../src/plot/run-plots.ts";
import { RunTime } from "../../src/plot/run-time.ts";
import type { SeriesWindow } from "../../src/plot/series-window.ts";

/** What a log of JSON lines looks like on charts, by the names of its series. */
function plotsOf(lines: readonly object[]): { readonly plots: RunPlots; readonly names: readonly string[] } {
  const plots = new RunPlots();
  const fold = new RunFold({ also: plots });
  const reader = openReader({ name: "a.jsonl", sink: fold, format: "jsonl" });
  reader.write(new TextEncoder().encode(lines.map((line) => `${JSON.stringify(line)}\n`).join("")));
  reader.end();
  return { plots, names: fold.metrics.map(({ name }) => name) };
}

function windowOf(
  plots: RunPlots,
  series: number,
  axis: Axis,
  changes: { log?: boolean; columns?: number } = {},
): SeriesWindow {
  const plot = plots.plots[series]!;
  const [from, to] = plot.extent(axis)!;
  const log = changes.log ?? false;
  return plot.window({
    axis,
    log,
    from: log ? Math.max(from, 1) : from,
    to,
    columns: changes.columns ?? 50,
    smoothing: null,
  });
}

const T0 = 1_700_000_000;

test("tokens are counted along the way, wherever in the record they stand", () => {
  const { plots, names } = plotsOf([
    { step: 1, loss: 3, tokens: 1_000 },
    { step: 2, loss: 2, tokens: 2_000 },
    { step: 3, tokens: 4_000, loss: 1 },
    { step: 4, "val/loss": 1.5 },
  ]);
  const loss = windowOf(plots, names.indexOf("loss"), "tokens").columns;
  expect([...loss.firstX]).toEqual([1_000, 2_000, 4_000]);
  // Where a line states no count the last one before it holds.
  expect(plots.plots[names.indexOf("val/loss")]!.extent("tokens")).toEqual([4_000, 4_000]);
  expect(plots.plots[0]!.extent("samples")).toBeNull();
});

test("what does not rise is no running count", () => {
  const { plots } = plotsOf([
    { step: 1, loss: 3, tokens: 512 },
    { step: 2, loss: 2, tokens: 512 },
    { step: 3, loss: 1, tokens: 512 },
  ]);
  expect(plots.plots[0]!.extent("tokens")).toBeNull();
});

test.each([
  ["tokens", "tokens"],
  ["num_input_tokens_seen", "tokens"],
  ["throughput/total_tokens", "tokens"],
  ["consumed samples", "samples"],
  ["train/consumedSamples", "samples"],
  ["tokens_per_sec", null],
  ["tokens/s", null],
  ["loss", null],
  ["__proto__", null],
  ["t".repeat(10_000), null],
])("the name %s counts %s", (name, axis) => {
  expect(countedAxis(name)).toBe(axis);
});

test("time is told since the start, of the day, and without the pause before a resume", () => {
  const { plots } = plotsOf([
    ...[0, 1, 2, 3].map((k) => ({ step: k, time: T0 + 10 * k, loss: 4 - k })),
    { step: 2, time: T0 + 5_000, loss: 1 },
    { step: 3, time: T0 + 5_010, loss: 0.5 },
  ]);
  const loss = plots.plots[0]!;
  expect(loss.extent("time")).toEqual([0, 5_010]);
  expect(loss.extent("wall")).toEqual([T0, T0 + 5_010]);
  // The usual ten seconds stay.
  expect(loss.extent("active")).toEqual([0, 50]);
});

test("a time that counts from the start has no time of day", () => {
  const { plots } = plotsOf([
    { step: 0, time: 0, loss: 2 },
    { step: 1, time: 5, loss: 1 },
  ]);
  expect(plots.plots[0]!.extent("wall")).toBeNull();
  expect(plots.plots[0]!.extent("time")).toEqual([0, 5]);
});

test("a long pause is a gap only where it is unusual, and its state comes back from its data", () => {
  const time = new RunTime();
  for (let k = 0; k <= 10; k++) time.add(T0 + k, 0);
  time.add(T0 + 4_010, 0);
  const active = time.mapTo("active")!;
  expect(active(T0 + 10)).toBe(10);
  expect(active(T0 + 2_000)).toBeGreaterThanOrEqual(10);
  expect(active(T0 + 4_010)).toBe(11);
  expect(RunTime.from(time.state).mapTo("active")!(T0 + 4_010)).toBe(11);
  const slow = new RunTime();
  for (let k = 0; k < 10; k++) slow.add(T0 + 3_600 * k, 0);
  expect(slow.mapTo("active")!(T0 + 7_200)).toBe(7_200);
});

test("what a resume writes again is superseded where it stood first, and counted all the same", () => {
  const before = Array.from({ length: 100 }, (_, step) => ({ step, loss: 5, time: T0 + step }));
  const after = Array.from({ length: 60 }, (_, k) => ({ step: 70 + k, loss: 3, time: T0 + 1_000 + k }));
  const { plots } = plotsOf([...before, ...after]);
  expect(plots.segments).toBe(2);
  for (const axis of ["step", "time", "active"] as const) {
    const { columns, superseded } = windowOf(plots, 0, axis, { columns: 400 });
    const total = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);
    expect(total(columns.finite)).toBe(130);
    expect(total(superseded.finite)).toBe(30);
    expect(new Set(superseded.min)).toEqual(new Set([5]));
    // The new branch does not go on from the old one.
    expect(columns.broken[columns.min.indexOf(3)]).toBe(1);
  }
  const smoothed = plots.plots[0]!.window({
    axis: "step",
    log: false,
    from: 0,
    to: 129,
    columns: 1,
    smoothing: 1,
  }).smoothed!;
  expect([...smoothed.x].filter((x) => x >= 70 && x < 100)).toHaveLength(30);
});

test("many resumes stay within bounds, every point and extreme with them", () => {
  const plots = new RunPlots();
  plots.series("loss");
  let count = 0;
  for (let segment = 0; segment < 40; segment++)
    for (let step = segment * 1_000; step < segment * 1_000 + 6_000; step++, count++)
      plots.point(0, step === 777 + segment * 1_000 ? 100 + segment : 1, {
        step,
        epoch: NaN,
        time: NaN,
        rank: -1,
        segment,
      });
  const { columns, superseded } = windowOf(plots, 0, "step", { columns: 300 });
  const total = (part: typeof columns): number => part.finite.reduce((sum, value) => sum + value, 0);
  expect(total(columns) + total(superseded)).toBe(count);
  const highest = [...columns.max, ...superseded.max].filter((value) => !Number.isNaN(value));
  expect(Math.max(...highest)).toBe(139);
  expect(plots.plots[0]!.bytes).toBeLessThan(4_000_000);
});

test("a logarithmic axis has columns of equal width in its logarithm", () => {
  const plots = new RunPlots();
  plots.series("loss");
  for (let step = 1; step <= 100_000; step++)
    plots.point(0, step === 50_000 ? 9 : 1, { step, epoch: NaN, time: NaN, rank: -1, segment: 0 });
  const { columns } = windowOf(plots, 0, "step", { log: true, columns: 100 });
  expect(columns.finite.reduce((sum, value) => sum + value, 0)).toBe(100_000);
  const at = columns.max.indexOf(9);
  expect(columns.column[at]).toBe(Math.floor((Math.log(50_000) / Math.log(100_000)) * 100));
  // A decade has a fifth of the columns.
  expect([...columns.column].filter((_, i) => columns.low[i]! >= 10_000).length).toBeGreaterThanOrEqual(19);
});

test("a million points along one axis take a megabyte, along five two", () => {
  const one = new RunPlots();
  const five = new RunPlots();
  for (const plots of [one, five]) plots.series("loss");
  five.series("tokens");
  five.series("samples");
  for (let step = 0; step < 1_000_000; step++) {
    one.point(0, step % 7, { step, epoch: NaN, time: NaN, rank: -1, segment: 0 });
    if (step >= 200_000) continue;
    const place = { step, epoch: step / 100, time: T0 + step, rank: -1, segment: 0 };
    five.point(0, step % 7, place);
    five.point(1, step * 512, place);
    five.point(2, step * 2, place);
  }
  expect(one.plots[0]!.bytes).toBeLessThanOrEqual(1_048_576);
  expect(five.plots[0]!.bytes).toBeLessThanOrEqual(2 * 1_048_576);
});
