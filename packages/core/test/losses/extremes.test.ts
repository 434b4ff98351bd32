import { describe, expect, test } from "vitest";
import { LOSSES, lossFromSpec, type Loss } from "@lossflow/core";
import { CLASSES, variantsOf } from "./any-batch.ts";

const EXTREMES = [0, -0, 1e-300, 5e-324, 1, -1, 36.5, -36.5, 710, -746, 1e30, -3e38, 8e307, -8e307];
const ENDS = [0, 5e-324, 1e-17, 0.5, 1 - 2 ** -53, 1];
const takesLogits = LOSSES.filter(
  ({ id }) => id.endsWith("_logits") || id === "focal_softmax" || id === "cosine",
);
const takesProbabilities = LOSSES.filter(({ id }) =>
  ["bce", "balanced_bce", "focal", "cce", "scce", "dice", "tversky", "log_loss_eps"].includes(id),
);

/** Every row of CLASSES values, and a target each. */
function grid(
  values: readonly number[],
  kind: string,
): { prediction: number[][]; target: number[] | number[][] } {
  const prediction = values.flatMap((a) => values.map((b) => [a, b, values[1]!]));
  const labels = prediction.map((_, r) => r % CLASSES);
  const target = labels.map((label) => [0, 1, 2].map((c) => (c === label ? 1 : 0)));
  return { prediction, target: kind === "label" ? labels : target };
}

describe("no finite logit, however extreme, makes a NaN", () => {
  const cases = takesLogits.flatMap((info) =>
    variantsOf(info).map((params) => [info.id, params, info.target] as const),
  );
  test.each(cases)("%s %j", (id, params, kind) => {
    const { prediction, target } = grid(EXTREMES, kind);
    const loss = lossFromSpec({ loss: id, params: { ...params, reduction: "none" } });
    expect(Array.from(loss.value(prediction, target) as Float64Array).filter(Number.isNaN)).toEqual([]);
    // The gradient of a direction goes with 1 / length, which has no bound.
    const isBad = (g: number): boolean => (id === "cosine" ? Number.isNaN(g) : !Number.isFinite(g));
    expect(Array.from(loss.gradient(prediction, target)).filter(isBad)).toEqual([]);
  });
});

describe("no probability, 0 and 1 included, makes a NaN", () => {
  const cases = takesProbabilities.flatMap((info) =>
    variantsOf(info).map((params) => [info.id, params, info.target] as const),
  );
  test.each(cases)("%s %j", (id, params, kind) => {
    // Keras divides by the row's sum, whose reciprocal must be finite.
    const ends = params["convention"] === "keras" ? [0, 1e-300, ...ENDS.slice(2)] : ENDS;
    const { prediction, target } = grid(ends, kind);
    const loss = lossFromSpec({ loss: id, params: { ...params, reduction: "none" } });
    expect(Array.from(loss.value(prediction, target) as Float64Array).filter(Number.isNaN)).toEqual([]);
    expect(Array.from(loss.gradient(prediction, target)).filter(Number.isNaN)).toEqual([]);
  });
});

describe("NaN in an input gives NaN in its own loss and gradient, and nowhere else", () => {
  test.each(LOSSES.filter(({ decomposable }) => decomposable))("$id", (info) => {
    const isRow = info.unit === "row";
    const prediction = [0.25, 0.5, 0.25, Number.NaN, 0.5, 0.25, 0.25, 0.5, 0.25];
    const target =
      info.target === "label"
        ? [1, 1, 1]
        : [0, 1, 0, 0, 1, 0, 0, 1, 0].map((t) => (info.target === "sign" ? 2 * t - 1 : t));
    const options = {
      shape: [3, 3],
      ...(info.id === "gaussian_nll" ? { variance: prediction.map(() => 1) } : {}),
    };
    const loss = lossFromSpec({ loss: info.id, params: { reduction: "none" } });
    const value = Array.from(loss.value(prediction, target, options) as Float64Array, Number.isNaN);
    const gradient = Array.from(loss.gradient(prediction, target, options), Number.isNaN);
    expect(value).toEqual(Array.from({ length: isRow ? 3 : 9 }, (_, u) => u === (isRow ? 1 : 3)));
    const own = gradient.map((_, i) => (isRow ? i >= 3 && i < 6 : i === 3));
    // The gradient of these depends on other predictions, or on the label's alone.
    if (info.id === "generalized_kl" || info.id === "scce") expect(gradient[3]).toBe(true);
    else expect(gradient).toEqual(own);
  });

  test.each(["scce", "scce_logits", "focal_softmax"])("%s: a label too", (loss) => {
    const each = lossFromSpec({ loss, params: { reduction: "none" } });
    const prediction = [
      [0.25, 0.75],
      [0.5, 0.5],
    ];
    const isNaN = (values: unknown): boolean[] => Array.from(values as Float64Array, Number.isNaN);
    expect(isNaN(each.value(prediction, [Number.NaN, 1]))).toEqual([true, false]);
    expect(isNaN(each.gradient(prediction, [Number.NaN, 1]))).toEqual([true, true, false, false]);
  });

  test("a sum is NaN, the other gradients stand", () => {
    const mse = lossFromSpec({ loss: "mse" });
    expect(mse.value([Number.NaN, 1], [0, 0])).toBeNaN();
    expect(mse.gradient([Number.NaN, 1], [0, 0])).toEqual(Float64Array.of(Number.NaN, 1));
    expect(lossFromSpec({ loss: "mae", params: { reduction: "sum" } }).value([Infinity, 1], [0, 0])).toBe(
      Infinity,
    );
  });
});

describe("infinite logits give the limit, where there is one", () => {
  const one = (loss: string, x: number[], t: number | number[]): unknown => {
    const made = lossFromSpec({ loss, params: { reduction: "none" } });
    const targets = typeof t === "number" && x.length > 1 ? [t] : [t].flat();
    const options = x.length > 1 ? { shape: [1, x.length] } : {};
    return [...(made.value(x, targets, options) as Float64Array), ...made.gradient(x, targets, options)];
  };
  test.each([
    ["bce_logits", [Infinity], 1, [0, 0]],
    ["bce_logits", [-Infinity], 1, [Infinity, -1]],
    ["focal_logits", [Infinity], 1, [0, 0]],
    ["focal_logits", [Infinity], 0, [Infinity, 1]],
    ["scce_logits", [Infinity, 0, 1], 0, [0, 0, 0, 0]],
    ["scce_logits", [Infinity, 0, 1], 1, [Infinity, 1, -1, 0]],
    ["scce_logits", [-Infinity, 0, 0], 0, [Infinity, -1, 0.5, 0.5]],
    ["scce_logits", [-Infinity, 0, 0], 1, [Math.LN2, 0, -0.5, 0.5]],
    ["cce_logits", [-Infinity, 0, 0], [0, 1, 0], [Math.LN2, 0, -0.5, 0.5]],
    ["focal_softmax", [Infinity, 0, 1], 1, [Infinity, 1, -1, 0]],
    ["hinge", [Infinity], 1, [0, 0]],
    ["hinge", [-Infinity], 1, [Infinity, -1]],
    ["squared_hinge", [Infinity], 1, [0, 0]],
    ["categorical_hinge", [Infinity, 0, -Infinity], [1, 0, 0], [0, 0, 0, 0]],
    ["categorical_hinge", [0, 2, -Infinity], [1, 0, 0], [3, -1, 1, 0]],
    ["categorical_hinge", [-Infinity, 2, 0], [1, 0, 0], [Infinity, -1, 1, 0]],
    ["scce_logits", [Infinity, Infinity, 0], 0, [Number.NaN, Number.NaN, Number.NaN, Number.NaN]],
  ] as const)("%s of %j at target %j", (loss, x, t, expected) => {
    const got = one(loss, [...x], t as number | number[]) as number[];
    expect(got.map((v) => v + 0)).toEqual(expected.map((v) => v + 0));
  });
});

test("a certain row of logits costs what its probabilities do, held within eps", () => {
  const loss = (params: object): unknown =>
    lossFromSpec({ loss: "categorical_focal_keras", params: { eps: 0.25, ...params } });
  const [logits, shares] = [loss({ from_logits: true }), loss({})] as Loss[];
  for (const target of [[[1, 0]], [[0, 1]]])
    expect(logits!.value([[Infinity, 0]], target)).toBe(shares!.value([[1, 0]], target));
});

test("without a shift, what was held for impossible costs all there is", () => {
  const params = { eps: 0, reduction: "none" };
  const values = lossFromSpec({ loss: "log_loss_eps", params }).value([0, 1, 1, 0], [1, 0, 1, 0]);
  expect(Array.from(values as Float64Array, (loss) => loss + 0)).toEqual([Infinity, Infinity, 0, 0]);
});

test("NaN beside a row of zeros, which has no angle, is NaN, not an angle of 90 degrees", () => {
  const loss = lossFromSpec({ loss: "cosine", params: { reduction: "none" } }) as Loss<"none">;
  const [none, one] = [
    [0, 0],
    [Number.NaN, 1],
  ];
  expect(loss.value([none, one, none], [one, none, none])).toEqual(
    Float64Array.of(Number.NaN, Number.NaN, 1),
  );
  const slopes = loss.gradient([none, one, none], [one, none, none]);
  expect(slopes).toEqual(Float64Array.of(...Array.from({ length: 4 }, () => Number.NaN), 0, 0));
});

test("a difference beyond float64 costs what it is of the target, or of eps", () => {
  const far = 1.7e308;
  const loss = (params: object): unknown =>
    lossFromSpec({ loss: "mape", params: { reduction: "none", ...params } }).value(
      [far, far, 2],
      [-far, -far / 4, 1],
    );
  expect(loss({})).toEqual(Float64Array.of(200, 500, 100));
  expect(loss({ eps: far / 2 })).toEqual(Float64Array.of(200, 250, 100 * (1 / (far / 2))));
});
