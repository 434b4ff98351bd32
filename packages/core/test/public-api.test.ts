import { expect, test } from "vitest";
import * as core from "@lossflow/core";

test("the package exports this and nothing else", () => {
  expect(Object.keys(core).sort()).toMatchInlineSnapshot(`
    [
      "ExactSum",
      "LOSSES",
      "LossflowError",
      "PRESETS",
      "RunningLoss",
      "balancedBinaryCrossEntropy",
      "binaryCrossEntropy",
      "bytesFromSum",
      "categoricalCrossEntropy",
      "categoricalFocalKeras",
      "categoricalHinge",
      "cosine",
      "dice",
      "focal",
      "gaussianNll",
      "generalizedKl",
      "hinge",
      "huber",
      "isLossflowError",
      "klDivergence",
      "logCosh",
      "logLossEps",
      "lossFromSpec",
      "lossInfo",
      "meanAbsoluteError",
      "meanAbsolutePercentageError",
      "meanSquaredError",
      "meanSquaredLogarithmicError",
      "nearestNames",
      "poissonNll",
      "quantile",
      "reductionFromLegacy",
      "smoothL1",
      "softmaxFocal",
      "sparseCategoricalCrossEntropy",
      "squaredHinge",
      "sumFromBytes",
      "tversky",
    ]
  `);
});

test("the reduction decides whether a value is a number or an array, for the compiler too", () => {
  const mean: number = core.huber({ delta: 2 }).value([1], [0]);
  const sum: number = core.focal({ fromLogits: true, reduction: "sum" }).value([0], [1]);
  const each: core.FloatArray = core.meanSquaredError({ reduction: "none" }).value([1, 2], [0, 0]);
  const any: number | core.FloatArray = core.lossFromSpec({ loss: "mse" }).value([1], [0]);
  expect([mean, sum, each, any]).toEqual([0.5, Math.LN2 / 4, Float64Array.of(1, 4), 1]);
});

test("each loss has a factory by the name the registry gives", () => {
  for (const { id, factory } of core.LOSSES) {
    expect(core, id).toHaveProperty(factory);
  }
});
