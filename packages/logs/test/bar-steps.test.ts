import { expect, test } from "vitest";
import { BarSteps } from "../src/text/bar-steps.ts";

test("a full bar begun anew is the next epoch's, whatever the figures in its words", () => {
  const bars = new BarSteps();
  expect(bars.step("train loss: 0.5", 10, 10, true)).toBe(10);
  expect(bars.step("train loss: nan", 1, 10, true)).toBe(11);
  expect(bars.step("train loss: 0.25 (+0.01)", 5, 10, true)).toBe(15);
  // Not full before: it goes back.
  expect(bars.step("train", 2, 10, true)).toBe(2);
});

test("bars of other words, of another length and without figures are other bars", () => {
  const bars = new BarSteps();
  expect(bars.step("", 10, 10, false)).toBe(10);
  expect(bars.step("", 1, 10, true)).toBe(1);
  expect(bars.step("", 10, 10, true)).toBe(10);
  expect(bars.step("val", 1, 10, true)).toBe(1);
  expect(bars.step("", 4, 4, true)).toBe(4);
  expect(bars.step("", 1, 10, true)).toBe(11);
  expect(bars.step("", 2, 4, false)).toBe(6);
});
