import type { EventKind, RunEvent } from "@lossflow/logs";
import { expect, test } from "vitest";
import { alertsFromEvents, limitAlert } from "../../src/compute/check-verdict.ts";

const event = (kind: EventKind, metric: string | null): RunEvent => ({
  kind,
  step: 5,
  lastStep: 9,
  count: 5,
  metric,
  value: 1,
  message: `${kind}.`,
});
const rules = (
  failOn: ("nan" | "spike" | "divergence" | "plateau" | "stall")[],
  maxLoss: number | null = null,
) => ({
  failOn,
  maxLoss,
});

test("each kind has its exit code; infinities count as non-finite", () => {
  const events = (["nan", "inf", "divergence", "stall", "plateau", "spike"] as const).map((kind) =>
    event(kind, "loss"),
  );
  const all = rules(["nan", "spike", "divergence", "plateau", "stall"]);
  expect(alertsFromEvents(events, "loss", all).map((alert) => alert.exitCode)).toEqual([
    21, 21, 20, 22, 23, 10,
  ]);
});

test("what is not asked for and what other metrics do is left alone", () => {
  const events = [
    event("spike", "loss"),
    event("nan", "grad_norm"),
    event("resume", null),
    event("overflow", "loss"),
  ];
  expect(alertsFromEvents(events, "loss", rules(["nan", "divergence"]))).toEqual([]);
});

test("an event of the run as a whole counts", () => {
  expect(alertsFromEvents([event("stall", null)], "loss", rules(["stall"]))).toHaveLength(1);
});

test("the limit is crossed above it, not at it", () => {
  expect(limitAlert("loss", 2, 7, rules([], 2))).toBeNull();
  expect(limitAlert("loss", null, null, rules([], 2))).toBeNull();
  expect(limitAlert("loss", 3, 7, rules([]))).toBeNull();
  expect(limitAlert("loss", 2.5, 7, rules([], 2))).toEqual({
    exitCode: 24,
    event: expect.objectContaining({
      kind: "limit",
      step: 7,
      value: 2.5,
      message: "loss ends at 2.5, above the limit of 2.",
    }),
  });
});
