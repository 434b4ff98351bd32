import { expect, test } from "vitest";
import { logStart } from "../../src/plot/log-start.ts";

test("a logarithmic axis from 0 begins at 1 of what is counted, at a ten thousandth of the rest", () => {
  expect(logStart("step", [3, 10])).toBe(3);
  expect(logStart("step", [0, 10])).toBe(1);
  expect(logStart("time", [0, 10])).toBe(1e-3);
  expect(logStart("step", [0, 1])).toBe(1e-4);
  expect(logStart("time", [-2, 0])).toBe(1);
});
