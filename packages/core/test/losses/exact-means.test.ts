import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ExactSum, lossFromSpec, meanAbsoluteError, meanSquaredError } from "@lossflow/core";
import { exactMeans } from "../../src/reduce/exact-means.ts";
import { exactProducts } from "../../src/reduce/exact-products.ts";
import { anyFinite, holds } from "../oracle.ts";

const SAFE = 2 ** 440;

/** The exact mean of each of `groups` runs of values, or of products. */
function means(values: readonly number[], factors: readonly number[] | null, divisor = 1, groups = 1) {
  return exactMeans((unit) => exactProducts(values, factors, unit), divisor, groups);
}

const modest = anyFinite.filter((x) => x === 0 || (Math.abs(x) < SAFE && Math.abs(x) > 1 / SAFE));

describe("the sum inside reductions is that of ExactSum", () => {
  test("of any numbers, to the last bit", () => {
    holds(
      fc.property(fc.array(anyFinite, { maxLength: 60 }), (values) => {
        const sum = new ExactSum();
        sum.addArray(values);
        expect(means(values, null)[0]).toBe(sum.value());
      }),
      1000,
    );
  });

  test("of each run of values, of which any may overflow on the way", () => {
    const most = Number.MAX_VALUE;
    expect(means([1, 2, most, most, 3, 4], null, 2, 3)).toEqual(Float64Array.of(1.5, most, 3.5));
  });

  test("where all but the last of it cancels, in any order", () => {
    // Sums beyond float64 are formed in larger units, in which the smallest numbers have no digits.
    const anySummand = anyFinite.filter((x) => Math.abs(x) < 1e300);
    const anyPartners = fc.array(anySummand, { maxLength: 12 }).chain((large) =>
      fc.array(anySummand, { maxLength: 4 }).chain((rest) => {
        const values = [...large, ...large.map((x) => -x), ...rest];
        return fc.shuffledSubarray(values, { minLength: values.length, maxLength: values.length });
      }),
    );
    holds(
      fc.property(anyPartners, (values) => {
        const sum = new ExactSum();
        sum.addArray(values);
        expect(means(values, null)[0]! + 0).toBe(sum.value() + 0);
      }),
      2000,
    );
  });

  test("where large sums cancel, to the smallest numbers, and a mean is left", () => {
    expect(means([1e306, 1e-305, -1e306, 4.2e-322], null)[0]).toBe(1e-305);
    expect(means([1e306, 2e-305, -1e306], null, 2)[0]).toBe(1e-305);
  });

  test("of products too", () => {
    holds(
      fc.property(fc.array(fc.tuple(modest, modest.map(Math.abs)), { maxLength: 60 }), (pairs) => {
        const values = pairs.map(([value]) => value);
        const factors = pairs.map(([, factor]) => factor);
        const sum = new ExactSum();
        sum.addProducts(values, factors);
        expect(means(values, factors)[0]).toBe(sum.value());
      }),
      1000,
    );
  });

  test("a mean is there although the sum overflows, over many values and at once", () => {
    const values = new Float64Array(200_000).fill(1.5e308);
    expect(meanAbsoluteError().value(values, new Float64Array(values.length))).toBe(1.5e308);
    expect(meanAbsoluteError().value([1.5e308, 1.5e308], [0, 0], { weight: [1, 1] })).toBe(1.5e308);
    expect(meanSquaredError().value([1.2e154, 1.2e154, 1.2e154], [0, 0, 0])).toBeCloseTo(1.44e308, -294);
    expect(meanAbsoluteError({ reduction: "sum" }).value(values, new Float64Array(values.length))).toBe(
      Infinity,
    );
  });

  test("weights whose sum is beyond float64 have no mean, and no slope", () => {
    const loss = lossFromSpec({ loss: "mse", params: { reduction: "weighted_mean" } });
    const weight = [1e308, 1e308];
    expect(loss.value([1, 1], [0, 0], { weight })).toBeNaN();
    expect(loss.gradient([1, 1], [0, 0], { weight })).toEqual(Float64Array.of(0, 0));
    expect(loss.value([2], [0], { weight: [1e308] })).toBe(4);
  });

  test("infinities and NaN add up as IEEE has it", () => {
    const sum = (...values: number[]): number => means(values, null)[0]!;
    expect(sum(1, Infinity, 1e308, 1e308)).toBe(Infinity);
    expect(sum(-Infinity, 1)).toBe(-Infinity);
    expect(sum(-Infinity, Infinity)).toBeNaN();
    expect(sum(Number.NaN, Infinity)).toBeNaN();
    expect(means([Number.NaN, 2], [0, 3])[0]).toBe(6);
  });
});

test("batches of any size, one after the other, leave nothing to the next", () => {
  const loss = lossFromSpec({ loss: "mae", params: { reduction: "sum" } });
  const perSample = lossFromSpec({ loss: "mae", params: { reduction: "none", per_sample: true } });
  const first = perSample.value([[1, 2]], [[0, 0]]);
  for (const rows of [2 ** 16 + 1, 2 ** 16, 2 ** 16 - 1, 3, 0, 1]) {
    const ones = new Float64Array(rows).fill(1);
    expect(loss.value(ones, new Float64Array(rows))).toBe(rows);
  }
  expect(first).toEqual(Float64Array.of(1.5));
});
