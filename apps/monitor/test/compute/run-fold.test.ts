import { expect, test } from "vitest";
import { RunFold } from "../../src/compute/run-fold.ts";

/** The events of a run of 400 steps, validated every ten. */
function eventsOf(train: (i: number) => number, val: (i: number) => number, restart = Infinity): string[] {
  const fold = new RunFold();
  const valHandle = fold.series("val/loss");
  const trainHandle = fold.series("train/loss");
  const norm = fold.series("grad_norm");
  for (let i = 0; i < 400; i++) {
    const place = { step: i, epoch: Number.NaN, time: Number.NaN, rank: -1, segment: i >= restart ? 1 : 0 };
    fold.point(trainHandle, train(i), place);
    fold.point(norm, i === 200 ? 90 : 1 + 0.2 * Math.sin(i), place);
    if (i % 10 === 9) fold.point(valHandle, val(i), place);
  }
  return fold.events.map(({ kind, metric, step }) => `${kind} ${metric} ${step}`);
}

const falling = (i: number): number => 1 + 3 * Math.exp(-i / 100);
const rising = (i: number): number => (i < 150 ? falling(i) : falling(150) + (i - 150) / 100);

test("validation that rises under falling training is told once, and so is a gradient that explodes", () => {
  expect(eventsOf(falling, rising)).toEqual(["divergence val/loss 199", "spike grad_norm 200"]);
});

test("what falls together is fine, and a restart begins afresh", () => {
  expect(eventsOf(falling, falling)).toEqual(["spike grad_norm 200"]);
  const again = (i: number): number => falling(i < 160 ? i : i - 160);
  expect(eventsOf(again, again, 160)).toEqual(["spike grad_norm 200"]);
});
