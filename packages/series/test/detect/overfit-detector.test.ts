import { expect, test } from "vitest";
import { OverfitDetector } from "@lossflow/series";
import { normals } from "../noise.ts";

/** First and last step and count of every incident: a held-out point after every ten of training. */
function incidents(
  train: (i: number) => number,
  heldOut: (i: number) => number,
  points = 40,
): [number, number, number][] {
  const detector = new OverfitDetector("train/loss", "val/loss");
  const events = Array.from({ length: points }, (_, i) => {
    for (let k = 0; k < 10; k++) detector.addTrain(train(i + k / 10));
    return detector.addHeldOut(i, heldOut(i));
  });
  return events.flatMap((event) => (event === null ? [] : [[event.step, event.lastStep, event.count]]));
}

const falling = (i: number): number => 1 + 2 * Math.exp(-i / 10);

test("a held-out loss that rises under a falling training loss, told with the third level above", () => {
  const heldOut = (i: number): number => (i <= 15 ? falling(i) : falling(15) * (1 + 0.06 * (i - 15)));
  expect(incidents(falling, heldOut)).toEqual([[20, 39, 20]]);
});

test("neither where both fall, nor where both rise, nor for noise", () => {
  const normal = normals(3);
  expect(incidents(falling, (i) => falling(i) * 1.1)).toEqual([]);
  const rising = (i: number): number => (i <= 15 ? falling(i) : falling(15) * (1 + 0.06 * (i - 15)));
  expect(incidents(rising, rising)).toEqual([]);
  expect(incidents(falling, (i) => falling(i) * (1 + 0.03 * normal()), 200)).toEqual([]);
});

test("is over when the held-out loss comes back", () => {
  const heldOut = (i: number): number => (i >= 16 && i < 26 ? 2 : falling(Math.min(i, 15)));
  expect(incidents(falling, heldOut)).toEqual([[19, 26, 8]]);
});

test("says what rose from where, beside what", () => {
  const detector = new OverfitDetector("loss", "eval_loss");
  const events = [3, 2, 2, 2, 2.2, 2.4, 2.6, 2.8].map((value, i) => {
    detector.addTrain(3 - i / 4);
    return detector.addHeldOut(100 * i, value);
  });
  expect(events.at(-1)).toMatchObject({
    kind: "divergence",
    metric: "eval_loss",
    message:
      "eval_loss has risen from about 2 at step 100 to about 2.6 at step 700, while loss fell from about 2.75 to about 2: what is learnt no longer holds beyond the training data.",
  });
});
