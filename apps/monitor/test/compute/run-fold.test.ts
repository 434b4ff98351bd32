import { expect, test } from "vitest";
import { MOST_ALIKE } from "../../src/compute/run-events.ts";
import { RunFold } from "../../src/compute/run-fold.ts";
import { WatchLines } from "../../src/compute/watch-lines.ts";

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

test("a log of NaN without end keeps its figures and not its events: they are gathered, and none is lost", () => {
  const told: string[] = [];
  const also = {
    series: () => 0,
    point: () => undefined,
    event: ({ kind }: { readonly kind: string }) => void told.push(kind),
  };
  const fold = new RunFold({ also });
  const loss = fold.series("loss");
  const place = { step: 0, epoch: Number.NaN, time: Number.NaN, rank: -1, segment: 0 };
  // Three points in each incident, which ends with a finite one.
  for (let i = 0; i < 4 * (MOST_ALIKE + 500); i++)
    fold.point(loss, i % 4 === 3 ? 1 : Number.NaN, { ...place, step: i });
  const nans = fold.events.filter(({ kind }) => kind === "nan");
  expect(nans).toHaveLength(MOST_ALIKE + 1);
  expect(told.filter((kind) => kind === "nan")).toHaveLength(MOST_ALIKE + 1);
  expect(nans.reduce((sum, { count }) => sum + count, 0)).toBe(fold.metrics[0]!.nan);
  const { step, lastStep, message } = nans.at(-1)!;
  expect([step, lastStep]).toEqual([4 * MOST_ALIKE, 4 * MOST_ALIKE + 1_998]);
  expect(message).toContain("500 more of nan of loss from step 40000 to 41998, told together");
});

test("watch tells an event that stands for several again when it has grown", () => {
  const fold = new RunFold();
  const lines = new WatchLines("run", fold);
  const loss = fold.series("loss");
  const place = { step: 0, epoch: Number.NaN, time: Number.NaN, rank: -1, segment: 0 };
  const add = (from: number, to: number): void => {
    for (let i = from; i < to; i++) fold.point(loss, i % 2 === 1 ? 1 : Number.NaN, { ...place, step: i });
  };
  const take = (): number[] =>
    lines
      .take()
      .flatMap(({ events }) => events.filter(({ kind }) => kind === "nan").map(({ count }) => count));
  add(0, 2 * MOST_ALIKE);
  expect(take()).toHaveLength(MOST_ALIKE);
  add(2 * MOST_ALIKE, 2 * MOST_ALIKE + 2);
  expect(take()).toEqual([1]);
  add(2 * MOST_ALIKE + 2, 2 * MOST_ALIKE + 8);
  expect(take()).toEqual([4]);
  expect(take()).toEqual([]);
});
