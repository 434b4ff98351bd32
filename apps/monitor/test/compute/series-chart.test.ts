import { expect, test } from "vitest";
import { SeriesChart } from "../../src/compute/series-chart.ts";
import { brailleChart } from "../../src/terminal/braille-chart.ts";

/** Numbers from 0 to 1 that look random and are the same on every machine (Lehmer, 1951). */
function* seededNumbers(seed: number): Generator<number, never> {
  for (let state = seed; ;) {
    state = (state * 48271) % 2147483647;
    yield state / 2147483647;
  }
}

test("spikes of one step among a million points are all in the picture, and none is hidden", () => {
  const seed = Number(process.env["LOSSFLOW_SEED"] ?? 11);
  const random = seededNumbers(seed);
  const chart = new SeriesChart();
  const spikes = new Map<number, number>();
  for (let i = 0; i < 20; i++) spikes.set(Math.floor(random.next().value * 1e6), 10 + random.next().value);
  for (let step = 0; step < 1e6; step++)
    chart.add(step, spikes.get(step) ?? 2 + 0.01 * random.next().value, 0);
  const window = chart.window({ pixels: 160, share: 1, weight: null });
  expect(window.points).toBe(1e6);
  for (const [step, value] of spikes) {
    const x = Math.min(159, Math.floor((step * 160) / (1e6 - 1)));
    expect(
      Math.max(...window.columns.max.subarray(Math.max(0, x - 1), x + 2)),
      `seed ${seed}`,
    ).toBeGreaterThanOrEqual(value);
  }
  expect(brailleChart(window.columns, 10, false).hidden).toBe(0);
});

test("a share shows the newest steps alone", () => {
  const chart = new SeriesChart();
  for (let step = 0; step <= 100; step++) chart.add(step, step, 0);
  const window = chart.window({ pixels: 20, share: 0.25, weight: null });
  expect(window).toMatchObject({ fromStep: 75, toStep: 100, points: 26, smoothing: null });
  expect(Math.min(...window.columns.min)).toBe(75);
});

test("smoothing runs over all points, never over what is drawn, and never across a NaN or a resume", () => {
  const chart = new SeriesChart();
  for (let step = 0; step < 50; step++) chart.add(step, 4, 0);
  chart.add(50, Number.NaN, 0);
  for (let step = 51; step < 80; step++) chart.add(step, 8, 0);
  for (let step = 80; step < 100; step++) chart.add(step, 2, 1);
  const { smoothed, smoothing } = chart.window({ pixels: 100, share: 1, weight: 0.99 });
  expect(smoothing).toBe("EMA 0.99");
  expect(new Set(smoothed!.subarray(0, 50))).toEqual(new Set([4]));
  expect(new Set(smoothed!.subarray(51, 80).filter((value) => !Number.isNaN(value)))).toEqual(new Set([8]));
  expect(new Set(smoothed!.subarray(81, 100))).toEqual(new Set([2]));
});

test("the line is broken at a resume alone", () => {
  const chart = new SeriesChart();
  for (let step = 0; step < 20; step++) chart.add(step, 1, step < 10 ? 0 : 1);
  const { joined } = chart.window({ pixels: 20, share: 1, weight: null }).columns;
  expect(
    Array.from(joined.entries())
      .filter(([, on]) => on === 0)
      .map(([x]) => x),
  ).toEqual([10]);
});

test("a long smoothed line keeps its shape", () => {
  const chart = new SeriesChart();
  for (let step = 0; step < 100_000; step++) chart.add(step, step, 0);
  const { smoothed } = chart.window({ pixels: 50, share: 1, weight: 0.6 });
  expect(smoothed![0]!).toBeLessThan(2_000);
  expect(smoothed![25]!).toBeGreaterThan(50_000);
  expect(smoothed![25]!).toBeLessThan(54_000);
  expect(smoothed![49]!).toBeGreaterThan(98_000);
});
