import { expect, test } from "vitest";
import { RunPlots } from "../../src/plot/run-plots.ts";
import { SMOOTHINGS } from "../../src/plot/smoothing.ts";
import type { KeyAction } from "../../src/terminal/keys.ts";
import { applyKey, firstChoice, type WatchChoice, type WatchRange } from "../../src/terminal/watch-choice.ts";

const plots = new RunPlots();
plots.series("loss");
for (let step = 0; step < 10; step++)
  plots.point(0, 1, { step, epoch: step / 10, time: 1.7e9 + step, rank: -1, segment: 0 });
const RANGE: WatchRange = { runs: 3, metrics: ["loss", "lr"], shown: "loss", plot: plots.plots[0]! };

function after(...actions: readonly KeyAction[]): WatchChoice {
  const choice = firstChoice();
  for (const action of actions) applyKey(action, choice, RANGE);
  return choice;
}

test("x goes through what the log states, and back to the steps", () => {
  const axes = [0, 1, 2, 3, 4, 5].map((times) => after(...Array<KeyAction>(times).fill("axis")).axis);
  expect(axes).toEqual(["step", "epoch", "time", "active", "wall", "step"]);
});

test("s goes through every smoothing and off again", () => {
  const seen = Array.from(
    { length: SMOOTHINGS.length + 2 },
    (_, times) => after(...Array<KeyAction>(times).fill("smoothing")).smoothing,
  );
  expect(seen).toEqual([null, ...SMOOTHINGS.keys(), null]);
});

test("a view at the end stays at the end, one that was moved keeps its width, and none leaves the whole", () => {
  expect(after("zoom-in", "zoom-in").shares).toEqual([0.75, 1]);
  expect(after("zoom-in", "zoom-in", "move-left").shares).toEqual([0.6875, 0.9375]);
  expect(after("zoom-in", "move-right", "zoom-out", "zoom-out").shares).toEqual([0, 1]);
  expect(after("share", "share", "share").shares).toEqual([0.875, 1]);
  expect(after("share", "share", "share", "share").shares).toEqual([0, 1]);
  const [from, to] = after("zoom-in", ...Array<KeyAction>(20).fill("move-left"), "zoom-in", "whole").shares;
  expect([from, to]).toEqual([0, 1]);
  for (const shares of [after(...Array<KeyAction>(80).fill("zoom-in")).shares])
    expect(shares[0]).toBeLessThan(shares[1]);
});

test("with nothing to choose from a key does nothing", () => {
  const choice = firstChoice();
  const none: WatchRange = { runs: 0, metrics: [], shown: null, plot: null };
  for (const action of ["next-metric", "next-run", "axis", "previous-run", "pair"] as const)
    applyKey(action, choice, none);
  expect(choice).toMatchObject({ run: 0, metric: null, axis: "step" });
});
