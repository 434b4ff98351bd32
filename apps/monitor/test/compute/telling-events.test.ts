import type { EventKind, RunEvent } from "@lossflow/logs";
import { expect, test } from "vitest";
import { tellingEvents } from "../../src/compute/telling-events.ts";

const event = (kind: EventKind, metric: string | null, step: number): RunEvent => ({
  kind,
  step,
  lastStep: step,
  count: 1,
  metric,
  value: null,
  message: `${kind}.`,
});
const EVENTS = [
  event("spike", "loss_box", 1),
  event("spike", "loss_box", 2),
  event("spike", "loss", 3),
  event("nan", "grad_norm", 4),
  event("overflow", null, 5),
  event("traceback", null, 6),
];

test("few events are all shown", () => {
  expect(tellingEvents(EVENTS, "loss", 6)).toEqual(EVENTS);
});

test("of many the grave ones and those of the main metric stay, in their order", () => {
  expect(tellingEvents(EVENTS, "loss", 4).map(({ step }) => step)).toEqual([3, 4, 5, 6]);
  expect(tellingEvents(EVENTS, "loss", 2).map(({ step }) => step)).toEqual([4, 6]);
});

test("the first of a kind and metric comes before repetitions of another", () => {
  const events = [1, 2, 3].map((step) => event("spike", "a", step)).concat(event("plateau", "b", 9));
  expect(tellingEvents(events, "loss", 2).map(({ step }) => step)).toEqual([1, 9]);
});
