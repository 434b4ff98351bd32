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
      "SumTable",
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

test("each loss has a factory by the name the registry gives", () => {
  for (const { id, factory } of core.LOSSES) {
    expect(core, id).toHaveProperty(factory);
  }
});
