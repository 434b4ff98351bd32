import { expect, test } from "vitest";
import { SeriesSummary } from "../../src/compute/series-summary.ts";

function summaryOf(values: readonly number[]): SeriesSummary {
  const summary = new SeriesSummary("loss");
  values.forEach((value, step) => summary.add(value, step * 10));
  return summary;
}

test("the mean has its denominator: non-finite points are counted and left out", () => {
  const figures = summaryOf([3, Number.NaN, 1, Infinity, 2, -Infinity, 1]).figures();
  expect(figures).toEqual({
    name: "loss",
    count: 7,
    finite: 4,
    nan: 1,
    posInf: 1,
    negInf: 1,
    sum: 7,
    mean: 1.75,
    min: 1,
    minStep: 20,
    max: 3,
    maxStep: 0,
    first: 3,
    firstStep: 0,
    last: 1,
    lastStep: 60,
  });
});

test("a series without a finite value has counts and no figure", () => {
  const figures = summaryOf([Number.NaN, Number.NaN]).figures();
  expect(figures).toMatchObject({
    count: 2,
    finite: 0,
    nan: 2,
    sum: null,
    mean: null,
    min: null,
    lastStep: null,
  });
});

test("the sum is exact, whatever cancels", () => {
  expect(summaryOf([1e100, 1, -1e100, 1e-30]).figures().sum).toBe(1);
  expect(summaryOf(Array.from({ length: 10 }, () => 0.1)).figures().sum).toBe(1);
});

test("a sum that overflows is Infinity while the mean is still right", () => {
  expect(summaryOf([Number.MAX_VALUE, Number.MAX_VALUE]).figures()).toMatchObject({
    sum: Infinity,
    mean: Number.MAX_VALUE,
  });
});
