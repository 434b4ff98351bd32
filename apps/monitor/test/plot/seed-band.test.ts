import { expect, test } from "vitest";
import { type Polyline, seedBand } from "../../src/plot/seed-band.ts";
import { hasSeedGroup, seedGroupOf } from "../../src/plot/seed-groups.ts";
import { measuredOn, pairKey, validationOf } from "../../src/plot/metric-pair.ts";

function lineOf(values: readonly number[], every = 1, breaks: readonly number[] = []): Polyline {
  return {
    x: Float64Array.from(values, (_, k) => k * every),
    y: Float64Array.from(values),
    broken: Float64Array.from(values, (_, k) => (breaks.includes(k) ? 1 : 0)),
  };
}

test("runs logged at other steps meet on the grid, and each counts only where it has a value", () => {
  const grid = Float64Array.from([0, 1, 2, 3, 4]);
  const band = seedBand([lineOf([0, 1, 2, 3, 4]), lineOf([10, 12, 14], 2), lineOf([20, 21])], grid, "mean");
  expect([...band.runs]).toEqual([3, 3, 2, 2, 2]);
  expect([...band.centre]).toEqual([10, 11, 7, 8, 9]);
  for (let k = 0; k < 5; k++) {
    expect(band.low[k]!).toBeLessThanOrEqual(band.centre[k]!);
    expect(band.high[k]!).toBeGreaterThanOrEqual(band.centre[k]!);
  }
});

test("nothing is read across a break or beyond an end, and one run has no interval", () => {
  const band = seedBand([lineOf([1, 1, 5, 5], 2, [2])], Float64Array.from([0, 1, 3, 5, 7]), "median");
  expect([...band.centre]).toEqual([1, 1, NaN, 5, NaN]);
  expect([...band.runs]).toEqual([1, 1, 0, 1, 0]);
  expect([...band.low]).toEqual([NaN, NaN, NaN, NaN, NaN]);
});

test("the interval is the percentile bootstrap of the runs, the same each time, and covers as it should", () => {
  // 200 groups of 10 standard normals: the 95 % percentile interval of a mean of 10 is known to cover some 90 %.
  let state = 12_345;
  const uniform = (): number => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  const grid = Float64Array.from([0]);
  let covered = 0;
  for (let k = 0; k < 200; k++) {
    const lines = Array.from({ length: 10 }, () => lineOf([normal()]));
    const band = seedBand(lines, grid, "mean");
    expect(seedBand(lines, grid, "mean")).toEqual(band);
    if (band.low[0]! <= 0 && band.high[0]! >= 0) covered++;
  }
  expect(covered / 200).toBeGreaterThan(0.82);
  expect(covered / 200).toBeLessThan(0.97);
});

test.each([
  ["gpt-seed1", "gpt"],
  ["gpt_seed=42_lr3", "gpt_lr3"],
  ["lr3/s2", "lr3"],
  ["seed7", "seeds"],
  ["rep 3", "seeds"],
  ["gpt2", null],
  ["resnets50", null],
  ["baseline", null],
])("the run %s is one of the group %s", (name, group) => {
  expect(seedGroupOf(name)).toBe(group);
});

test("a group has two runs at least", () => {
  expect(hasSeedGroup(["a-seed1", "b-seed1"])).toBe(false);
  expect(hasSeedGroup(["a-seed1", "a-seed2"])).toBe(true);
});

test.each([
  ["val/loss", "train/loss"],
  ["eval_loss", "loss"],
  ["loss/validation", "loss/train"],
  ["val_acc", "train_acc"],
  ["Val/Loss", "train/loss"],
])("%s stands with %s", (heldOut, training) => {
  expect(measuredOn(heldOut)).toBe("validation");
  expect(pairKey(heldOut)).toBe(pairKey(training));
  expect(validationOf(training, ["lr", training, heldOut])).toBe(heldOut);
  expect(validationOf(heldOut, [training, heldOut])).toBeNull();
});

test("what belongs to nothing stays alone", () => {
  expect(validationOf("grad_norm", ["grad_norm", "val/loss"])).toBeNull();
  expect(measuredOn("retrieval/loss")).toBeNull();
  expect(measuredOn("interval")).toBeNull();
});
