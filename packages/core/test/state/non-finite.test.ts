import { describe, expect, test } from "vitest";
import { RunningLoss, type NanPolicy } from "@lossflow/core";

describe("what is not finite does what the policy says", () => {
  test.each<[NanPolicy, number[], number | null]>([
    ["count", [1, Number.NaN, 2, Infinity], 1.5],
    ["count", [Number.NaN, Infinity], null],
    ["skip", [1, Number.NaN, 2], 1.5],
    ["skip", [1, Number.NaN, Infinity], Infinity],
    ["skip", [-Infinity, 1], -Infinity],
    ["skip", [Infinity, -Infinity], Number.NaN],
    ["propagate", [1, Number.NaN], Number.NaN],
    ["propagate", [1, Infinity], Infinity],
  ])("%s: the mean of %j is %j", (nan, values, mean) => {
    const state = RunningLoss.create({ nan });
    RunningLoss.addArray(state, values);
    expect(RunningLoss.value(state).mean).toBe(mean);
    expect(RunningLoss.value(state).count).toBe(values.length);
  });

  test("throw refuses with the row and leaves the state as it was", () => {
    const state = RunningLoss.create({ nan: "throw" });
    RunningLoss.addArray(state, [1, 2]);
    const before = RunningLoss.toBytes(state);
    const refused = expect.objectContaining({ code: "LF_NON_FINITE", row: 41 });
    expect(() => RunningLoss.add(state, Infinity, 1, 41)).toThrow(refused);
    expect(() => RunningLoss.addArray(state, [1, Number.NaN], { firstRow: 40 })).toThrow(refused);
    expect(RunningLoss.toBytes(state)).toEqual(before);
  });

  test("a weight of 0 hides it, or not, as asked", () => {
    const ignoring = RunningLoss.create({ nan: "throw" });
    RunningLoss.add(ignoring, Number.NaN, 0);
    expect(RunningLoss.value(ignoring)).toMatchObject({ count: 0, ignored: 1, mean: null });
    const multiplying = RunningLoss.create({ nan: "propagate", zeroWeight: "multiply" });
    RunningLoss.addArray(multiplying, [Infinity, 1], { weights: [0, 1] });
    expect(RunningLoss.value(multiplying)).toMatchObject({ count: 2, posInf: 1, mean: Number.NaN });
  });

  test("weights that are not finite are refused with the row", () => {
    const state = RunningLoss.create();
    const refused = expect.objectContaining({ code: "LF_WEIGHT_OUT_OF_RANGE", row: 6 });
    expect(() => RunningLoss.add(state, 1, Number.NaN, 6)).toThrow(refused);
    expect(() => RunningLoss.addArray(state, [1, 2], { weights: [1, Infinity], firstRow: 5 })).toThrow(
      refused,
    );
    expect(() => RunningLoss.addArray(state, [1, 2], { weights: [1] })).toThrow(
      expect.objectContaining({ code: "LF_LENGTH_MISMATCH" }),
    );
    expect(RunningLoss.toBytes(state)).toEqual(RunningLoss.toBytes(RunningLoss.create()));
  });
});

test("what is no number, from callers without types, counts as NaN and never as an infinity", () => {
  const state = RunningLoss.create();
  for (const value of [undefined, "x", {}, "1", "-1", [2]]) RunningLoss.add(state, value as never);
  expect(RunningLoss.value(state)).toMatchObject({ nan: 6, posInf: 0, negInf: 0, finite: 0, mean: null });
});
