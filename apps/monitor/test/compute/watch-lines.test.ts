import type { Place, RunEvent } from "@lossflow/logs";
import { expect, test } from "vitest";
import { RunFold } from "../../src/compute/run-fold.ts";
import { WatchLines } from "../../src/compute/watch-lines.ts";

const place = (step: number): Place => ({ step, epoch: Number.NaN, time: Number.NaN, rank: -1, segment: 0 });
const event = (kind: RunEvent["kind"], metric: string | null, step: number): RunEvent => ({
  kind,
  step,
  lastStep: step,
  count: 1,
  metric,
  value: null,
  message: `${kind} happened.`,
});

test("a metric that has not grown is not told again", () => {
  const fold = new RunFold();
  const lines = new WatchLines("run", fold);
  const [a, b] = [fold.series("a"), fold.series("b")];
  fold.point(a, 1, place(0));
  fold.point(b, 2, place(0));
  expect(lines.take().map((line) => line.metric)).toEqual(["a", "b"]);
  fold.point(b, 4, place(1));
  expect(lines.take()).toEqual([
    {
      version: 1,
      run: "run",
      metric: "b",
      step: 1,
      value: 4,
      count: 2,
      finite: 2,
      sum: 6,
      mean: 3,
      events: [],
    },
  ]);
  expect(lines.take()).toEqual([]);
});

test("every event is told once, whenever the lines are taken", () => {
  const fold = new RunFold();
  const lines = new WatchLines("run", fold);
  const loss = fold.series("loss");
  const told: RunEvent[] = [];
  for (let step = 0; step < 50; step++) {
    if (step % 3 !== 0) fold.point(loss, step, place(step));
    if (step % 4 === 0) fold.event(event("spike", step % 8 === 0 ? "loss" : null, step));
    if (step % 5 === 0) told.push(...lines.take().flatMap((line) => line.events));
  }
  told.push(...lines.take().flatMap((line) => line.events));
  const sent = Array.from({ length: 13 }, (_, i) => 4 * i);
  expect(told.filter(({ message }) => message === "spike happened.").map(({ step }) => step)).toEqual(sent);
  expect(told.map(({ kind, step }) => [kind, step])).toEqual(
    fold.events.map(({ kind, step }) => [kind, step]),
  );
});

test("an event before any metric is a line of its own", () => {
  const fold = new RunFold();
  const lines = new WatchLines("run", fold);
  fold.event(event("traceback", null, 3));
  expect(lines.take()).toMatchObject([{ metric: null, step: 3, value: null, count: 0, mean: null }]);
});

test("an event goes with the line of its own metric", () => {
  const fold = new RunFold();
  const lines = new WatchLines("run", fold);
  const [a, b] = [fold.series("a"), fold.series("b")];
  fold.point(a, 1, place(0));
  fold.point(b, Number.NaN, place(0));
  expect(lines.take().map((line) => line.events.map(({ kind }) => kind))).toEqual([[], ["nan"]]);
});
