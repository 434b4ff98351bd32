import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LOSSES, lossFromSpec } from "@lossflow/core";
import * as plain from "@lossflow/core/plain";
import type { PlainBatch, PlainFactory } from "@lossflow/core/plain";
import { anyBatch, CLASSES, variantsOf } from "./any-batch.ts";
import { refusal } from "./refusal.ts";

type Options = Readonly<Record<string, unknown>>;
const factories = plain as unknown as Readonly<Record<string, PlainFactory<Options>>>;

/** What weighs classes is left to the losses that take weights. */
const isWeighed = (params: Options): boolean => "class_weight" in params || Array.isArray(params["alpha"]);

describe("each loss is there alone, and gives the bits of the one that takes weights", () => {
  test.each(LOSSES)("$id", (info) => {
    const variants = variantsOf(info).filter((params) => !isWeighed(params));
    expect(variants.length).toBeGreaterThan(0);
    for (const params of variants) {
      const { from_logits: fromLogits = false, ...own } = params;
      const create = factories[camelCase(info.id) + (fromLogits === true ? "Logits" : "")]!;
      const options = Object.fromEntries(
        Object.entries(own).map(([name, value]) => [camelCase(name), value]),
      );
      fc.assert(
        fc.property(
          anyBatch(info, params),
          fc.constantFrom("none", "mean", "sum"),
          fc.boolean(),
          ({ prediction, target, options: given }, reduction, isNarrow) => {
            const whole = lossFromSpec({ loss: info.id, params: { ...params, reduction } });
            const alone = create({ ...options, reduction } as Options);
            const { class_weight: _, ...expected } = whole.params;
            expect(alone.params).toEqual(expected);
            expect([alone.id, alone.reduction]).toEqual([info.id, reduction]);
            const x = isNarrow ? Float32Array.from(prediction) : prediction;
            const batch = {
              classes: CLASSES,
              ...(given.variance && { variance: given.variance as Float64Array }),
            };
            expect(alone.value(x, target, batch)).toEqual(whole.value(x, target, given));
            expect(alone.gradient(x, target, batch)).toEqual(whole.gradient(x, target, given));
          },
        ),
        { seed: 7, numRuns: 20 },
      );
    }
  });
});

test("there is nothing else", () => {
  const names = LOSSES.map(({ id }) => camelCase(id));
  expect(Object.keys(plain).toSorted()).toEqual([...names, "categoricalFocalKerasLogits"].toSorted());
});

test("types have each parameter of a loss of two forms", () => {
  const shared = { gamma: 1, alpha: 0.5, labelSmoothing: 0.1 };
  const probabilities = { ...shared, convention: "keras", eps: 1e-6 } as const;
  const given = [
    plain.focal(probabilities),
    plain.focalLogits(shared),
    plain.categoricalFocalKeras({ ...shared, eps: 1e-6 }),
    plain.categoricalFocalKerasLogits({ ...shared, eps: 1e-6 }),
  ];
  for (const { id, params } of given)
    expect(params).toEqual({
      gamma: 1,
      alpha: 0.5,
      label_smoothing: 0.1,
      ...(id !== "focal_logits" && { eps: 1e-6 }),
      ...(id === "focal" && { convention: "keras" }),
      ...(id === "categorical_focal_keras" && { from_logits: params["from_logits"] }),
    });
});

test("empty and ignored: sums are 0, means NaN, slopes 0; sums beyond float64 still have a mean", () => {
  expect(plain.mse().value([], [], null)).toBeNaN();
  expect(plain.huber(null as unknown as undefined).value([3], [1])).toBe(1.5);
  expect(plain.mse({ reduction: "sum" }).value([], [])).toBe(0);
  expect(plain.mse({ reduction: "none" }).value([], [])).toEqual(new Float64Array(0));
  const ignoring = plain.scceLogits({ ignoreIndex: 1 });
  expect(ignoring.value([3, 1], [1])).toBeNaN();
  expect(ignoring.gradient([3, 1], [1])).toEqual(Float64Array.of(0, 0));
  expect(plain.mae().value([1e308, 1e308, 1e308], [0, 0, 0])).toBe(1e308);
  expect(plain.mae({ reduction: "sum" }).value([1e308, 1e308], [0, 0])).toBe(Infinity);
});

test("rows whose label is ignored are not looked at", () => {
  const loss = plain.scce({ ignoreIndex: -1 });
  expect(loss.value([7, 7, 0.5, 0.5], [-1, 0])).toBe(Math.LN2);
  expect(refusal(() => plain.scce().value([7, 7, 0.5, 0.5], [1, 0]))).toMatchObject({
    code: "LF_PROBABILITY_OUT_OF_RANGE",
    row: 0,
    column: 0,
  });
});

describe("what the arrays must be", () => {
  const nested = [[1, 2]] as unknown as number[];
  test.each([
    [
      "lengths that differ",
      () => plain.mse().value([1, 2], [1]),
      "LF_LENGTH_MISMATCH",
      "number of targets must be 2; got 1",
    ],
    [
      "arrays in arrays",
      () => plain.mse().value(nested, [1]),
      "LF_NOT_A_NUMBER",
      "The prediction in row 0 must be a number; got object",
    ],
    [
      "holes",
      // oxlint-disable-next-line no-sparse-arrays
      () => plain.mse().value([1, , 3] as number[], [1, 2, 3]),
      "LF_NOT_A_NUMBER",
      "The prediction in row 1 must be a number; got undefined",
    ],
    [
      "a number",
      () => plain.mse().value([1], 1 as unknown as number[]),
      "LF_NOT_A_NUMBER",
      "The target must be",
    ],
    ["nothing", () => plain.mse().value(null as unknown as number[], [1]), "LF_NOT_A_NUMBER", "got null"],
    [
      "big integers",
      () => plain.mse().value(BigInt64Array.of(1n, 2n) as unknown as number[], [1]),
      "LF_NOT_A_NUMBER",
      "The prediction must be a flat array of numbers; got bigint.",
    ],
    [
      "bytes without a type",
      () => plain.mse().value(new DataView(new ArrayBuffer(8)) as unknown as number[], []),
      "LF_NOT_A_NUMBER",
      "prediction",
    ],
    [
      "rows of no whole number of classes",
      () => plain.scceLogits().value([1, 2, 3], [0, 1]),
      "LF_LENGTH_MISMATCH",
      "number of predictions must be 2; got 3",
    ],
    [
      "no labels",
      () => plain.scceLogits().value([1, 2, 3], []),
      "LF_LENGTH_MISMATCH",
      "number of predictions must be 0; got 3",
    ],
    [
      "labels of no predictions",
      () => plain.scceLogits().value([], [0, 1]),
      "LF_LENGTH_MISMATCH",
      "number of predictions must be 2; got 0",
    ],
    [
      "a table of something else",
      () => plain.mse().value(Object.create(null) as number[], [1]),
      "LF_NOT_A_NUMBER",
      "got object",
    ],
    [
      "other classes than there are",
      () => plain.scceLogits().value([1, 2, 3, 4], [0, 1], { classes: 4 }),
      "LF_LENGTH_MISMATCH",
      "option classes must be 2; got 4",
    ],
    ...[0.5, 2.5, 0, -2, Number.NaN, "2" as unknown as number, 2n as unknown as number].map(
      (classes): [string, () => unknown, string, string] => [
        `classes ${classes} of labels`,
        () => plain.scceLogits().value([1, 2, 3, 4], [0, 1], { classes }),
        "LF_LENGTH_MISMATCH",
        `option classes must be 2; got ${classes}`,
      ],
    ),
    ["no classes", () => plain.cosine().value([1, 2], [1, 2]), "LF_SHAPE", "predictions; got undefined."],
    [
      "classes that do not divide",
      () => plain.cosine().value([1, 2, 3], [1, 2, 3], { classes: 2 }),
      "LF_SHAPE",
      "option classes must be a divisor of the number of predictions; got 2",
    ],
    ...[-2, 0.5, Infinity, "2" as unknown as number, 2n as unknown as number].map(
      (classes): [string, () => unknown, string, string] => [
        `classes ${classes}`,
        () => plain.cosine().value([1, 2], [1, 2], { classes }),
        "LF_SHAPE",
        `option classes must be a divisor of the number of predictions; got ${classes}`,
      ],
    ),
    ["no variances", () => plain.gaussianNll().value([1], [1]), "LF_VARIANCE_MISSING", "variance"],
    [
      "too few variances",
      () => plain.gaussianNll().value([1, 2], [1, 2], { variance: [1] }),
      "LF_LENGTH_MISMATCH",
      "number of variances must be 2; got 1",
    ],
  ])("%s", (_, run, code, sentence) => {
    const refused = refusal(run);
    expect(refused.code).toBe(code);
    expect(refused.message).toContain(sentence);
  });
});

describe("options that only the losses with weights have are refused, and so are misspelt ones", () => {
  test.each<[string, () => unknown]>([
    ["scceLogits", () => plain.scceLogits({ classWeight: [1, 2] } as Options)],
    ["cce", () => plain.cce({ classWeight: [1, 2] } as Options)],
    ["focalSoftmax", () => plain.focalSoftmax({ alpha: [1, 2] as unknown as number })],
    // @ts-expect-error no list, for the compiler either
    ["categoricalFocalKeras", () => plain.categoricalFocalKeras({ alpha: [1, 2] })],
    ["bce", () => plain.bce({ fromLogits: true } as Options)],
    ["categoricalFocalKeras", () => plain.categoricalFocalKeras({ fromLogits: true } as Options)],
    [
      "categoricalFocalKerasLogits",
      () => plain.categoricalFocalKerasLogits({ fromLogits: false } as Options),
    ],
    ["a batch", () => plain.mse().value([1, 2], [0, 0], { weight: [0, 1] } as PlainBatch)],
    ["mse", () => plain.mse({ reduction: "weighted_mean" as "mean" })],
    ["huber", () => plain.huber({ dleta: 2 } as Options)],
    // @ts-expect-error no such option, for the compiler either
    ["mae", () => plain.mae({ delta: 2 })],
  ])("%s", (_, run) => expect(refusal(run).code).toBe("LF_BAD_PARAMETER"));
});

function camelCase(name: string): string {
  return name.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
