import { expect, test } from "vitest";
import type { ChartWindow } from "../../src/compute/chart-window.ts";
import { type PlotsView, windowOfPlots } from "../../src/compute/window-of-plots.ts";
import { runFromText } from "../server/board-from-text.ts";

/** A run of a line each second. */
function timedWindow(view: Partial<PlotsView>): ChartWindow {
  const log = steps(11).map((step) => `{"step":${step},"time":${1_700_000_000 + step},"loss":1}\n`);
  const [plot] = runFromText("a", log.join("")).plots.plots;
  const usual = { axis: "time", logX: false, smoothing: null, pixels: 100, shares: [0, 1] } as const;
  return windowOfPlots([{ plot: plot!, colour: 0 }], { ...usual, ...view });
}

function windowOf(steps: readonly number[], view: Partial<PlotsView>): ChartWindow {
  const log = steps.map((step) => `{"step":${step},"loss":1}\n`).join("");
  const [plot] = runFromText("a", log).plots.plots;
  const usual = { axis: "step", logX: false, smoothing: null, pixels: 100, shares: [0, 1] } as const;
  return windowOfPlots([{ plot: plot!, colour: 0 }], { ...usual, ...view });
}

const steps = (count: number, every = 1): number[] => Array.from({ length: count }, (_, i) => every * i);

test("on a logarithmic x axis every point is shown or counted as one without a place", () => {
  for (const count of [1, 2, 40, 20_000]) {
    const { points, unplaced } = windowOf(steps(count), { logX: true });
    expect(points + unplaced).toBe(count);
  }
  expect(windowOf(steps(40), { logX: true })).toMatchObject({ points: 39, unplaced: 1, from: 1, to: 39 });
  expect(windowOf(steps(40), { logX: true, shares: [0, 0.5] }).unplaced).toBe(1);
  expect(windowOf(steps(40), { logX: true, shares: [0.5, 1] }).unplaced).toBe(0);
  expect(windowOf(steps(40), {}).unplaced).toBe(0);
});

test("a part of the steps begins and ends at whole steps, and holds the same points", () => {
  const part = windowOf(steps(300, 10), { shares: [0.75, 1] });
  expect(part).toMatchObject({ from: 2243, to: 2990, points: 75 });
  expect(windowOf(steps(300, 10), { shares: [0.3, 0.601] })).toMatchObject({ from: 897, to: 1796 });
  // Steps that are no whole numbers, and a part without one, are left as they are.
  expect(windowOf([0.5, 1, 2], { shares: [0.5, 1] }).from).toBe(1.25);
  expect(windowOf([0, 1], { shares: [0.25, 0.75] })).toMatchObject({ from: 0.25, to: 0.75 });
});

test("a part of the time begins and ends anywhere", () => {
  const whole = timedWindow({});
  const part = timedWindow({ shares: [0.25, 0.75] });
  expect(part.from - whole.from).toBe((whole.to - whole.from) / 4);
  expect(whole.to - part.to).toBe((whole.to - whole.from) / 4);
});
