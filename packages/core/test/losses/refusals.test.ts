import { describe, expect, test } from "vitest";
import * as core from "@lossflow/core";
import {
  LOSSES,
  binaryCrossEntropy,
  dice,
  gaussianNll,
  isLossflowError,
  lossFromSpec,
  meanSquaredError,
  sparseCategoricalCrossEntropy,
  type BatchOptions,
  type ErrorPlace,
  type Loss,
  type Tensor,
} from "@lossflow/core";

/** The code of the refusal, its place, and the sentence. */
function refusal(run: () => unknown): { code: string; row: unknown; column: unknown; message: string } {
  try {
    run();
  } catch (error) {
    if (!isLossflowError(error)) throw error;
    const { code, message, row, column } = error as Error & { code: string } & ErrorPlace;
    return { code, row, column, message };
  }
  throw new Error("was not refused");
}

describe("columns out of their range are refused with their place, by value and by gradient", () => {
  const cases: readonly (readonly [string, string, Tensor, Tensor, BatchOptions, object])[] = [
    [
      "scce",
      "a label past the last class",
      [
        [0.2, 0.8],
        [0.5, 0.5],
      ],
      [1, 2],
      {},
      { code: "LF_LABEL_OUT_OF_RANGE", row: 1 },
    ],
    [
      "scce_logits",
      "a negative label",
      [
        [0, 1],
        [1, 0],
      ],
      [-1, 0],
      {},
      { code: "LF_LABEL_OUT_OF_RANGE", row: 0 },
    ],
    [
      "scce_logits",
      "a label between two",
      [
        [0, 1],
        [1, 0],
      ],
      [1, 0.5],
      {},
      { code: "LF_LABEL_OUT_OF_RANGE", row: 1 },
    ],
    [
      "focal_softmax",
      "an infinite label",
      [[0, 1]],
      [Infinity],
      {},
      { code: "LF_LABEL_OUT_OF_RANGE", row: 0 },
    ],
    [
      "bce",
      "a probability above 1 by one bit",
      [0.5, 1 + 2 ** -52],
      [1, 1],
      {},
      { code: "LF_PROBABILITY_OUT_OF_RANGE", row: 1 },
    ],
    [
      "bce",
      "a probability below 0",
      [
        [0.5, 0.5],
        [0.5, -5e-324],
      ],
      [
        [1, 1],
        [0, 1],
      ],
      {},
      { code: "LF_PROBABILITY_OUT_OF_RANGE", row: 1, column: 1 },
    ],
    [
      "bce_logits",
      "a target that is none",
      [[1, 2]],
      [[0, 2]],
      {},
      { code: "LF_PROBABILITY_OUT_OF_RANGE", row: 0, column: 1 },
    ],
    [
      "cce",
      "a probability among classes",
      [
        [0.5, 0.5],
        [2, 0],
      ],
      [
        [1, 0],
        [1, 0],
      ],
      {},
      { code: "LF_PROBABILITY_OUT_OF_RANGE", row: 1, column: 0 },
    ],
    [
      "cce_logits",
      "a distribution below 0",
      [[5, 5]],
      [[1.5, -0.5]],
      {},
      { code: "LF_PROBABILITY_OUT_OF_RANGE", row: 0, column: 0 },
    ],
    ["kl_div", "a target above 1", [-1, -1], [0.5, 1.5], {}, { code: "LF_PROBABILITY_OUT_OF_RANGE", row: 1 }],
    ["dice", "a probability above 1", [0.5, 3], [0, 1], {}, { code: "LF_PROBABILITY_OUT_OF_RANGE", row: 1 }],
    ["hinge", "a target that is no sign", [1, 1], [1, 0], {}, { code: "LF_LABEL_OUT_OF_RANGE", row: 1 }],
    [
      "gaussian_nll",
      "a negative variance",
      [1, 1],
      [1, 0],
      { variance: [1, -1] },
      { code: "LF_VARIANCE_OUT_OF_RANGE", row: 1 },
    ],
    [
      "generalized_kl",
      "a negative mass",
      [[-1, -1]],
      [[1, -0.5]],
      {},
      { code: "LF_MASS_OUT_OF_RANGE", row: 0, column: 1 },
    ],
    [
      "mse",
      "a negative weight",
      [1, 1],
      [1, 0],
      { weight: [1, -1] },
      { code: "LF_WEIGHT_OUT_OF_RANGE", row: 1 },
    ],
    [
      "mse",
      "a NaN weight",
      [1, 1],
      [1, 0],
      { weight: [Number.NaN, 1] },
      { code: "LF_WEIGHT_OUT_OF_RANGE", row: 0 },
    ],
    [
      "mse",
      "an infinite sample weight",
      [1, 1],
      [1, 0],
      { sampleWeight: [1, Infinity] },
      { code: "LF_WEIGHT_OUT_OF_RANGE", row: 1 },
    ],
    ["mse", "lengths that disagree", [1, 2], [0], {}, { code: "LF_LENGTH_MISMATCH" }],
    ["mse", "shapes of one size that disagree", [[1, 2]], [[1], [2]], {}, { code: "LF_LENGTH_MISMATCH" }],
    ["mse", "too few weights", [1, 2], [0, 0], { weight: [1] }, { code: "LF_LENGTH_MISMATCH" }],
    ["mse", "a mask too short", [1, 2], [0, 0], { mask: [1] }, { code: "LF_LENGTH_MISMATCH" }],
    [
      "mse",
      "a result array too short",
      [1, 2],
      [0, 0],
      { out: new Float64Array(1) },
      { code: "LF_LENGTH_MISMATCH" },
    ],
    ["scce_logits", "too many labels", [[1, 2]], [0, 0], {}, { code: "LF_LENGTH_MISMATCH" }],
    [
      "cce_logits",
      "class counts that disagree",
      [[1, 2]],
      [[1, 0, 0]],
      {},
      { code: "LF_CLASS_COUNT_MISMATCH" },
    ],
    ["cce_logits", "flat predictions without a shape", [1, 2, 3, 4], [1, 0, 1, 0], {}, { code: "LF_SHAPE" }],
    ["mse", "a shape that is not filled", [1, 2, 3], [1, 2, 3], { shape: [2, 2] }, { code: "LF_SHAPE" }],
    ["mse", "a shape of parts", [1, 2], [1, 2], { shape: [1.5, 4 / 3] }, { code: "LF_SHAPE" }],
    ["mse", "a negative shape", [1, 2], [1, 2], { shape: [-1, -2] }, { code: "LF_SHAPE" }],
    ["mse", "a ragged array", [[1, 2], [3]], [1, 2, 3], {}, { code: "LF_SHAPE", row: 1 }],
    ["mse", "null among numbers", [1, null] as unknown as Tensor, [1, 2], {}, { code: "LF_NOT_A_NUMBER" }],
    ["mse", "text for an array", "12" as unknown as Tensor, [1, 2], {}, { code: "LF_NOT_A_NUMBER" }],
    ["mse", "nothing", undefined as unknown as Tensor, [1], {}, { code: "LF_NOT_A_NUMBER" }],
    ["mse", "bigints", BigInt64Array.of(1n) as unknown as Tensor, [1], {}, { code: "LF_NOT_A_NUMBER" }],
  ];
  test.each(cases)("%s: %s", (id, _, prediction, target, options, expected) => {
    const loss = lossFromSpec({ loss: id, params: { reduction: "none" } });
    for (const name of ["value", "gradient"] as const) {
      const got = refusal(() => loss[name](prediction, target, options));
      expect(got).toMatchObject(expected);
      expect(got.message).toMatch(/^[A-Z0-9][^\n]*\.$/);
    }
  });

  test("the engine's columns too", () => {
    const out = new Float64Array(2);
    const scce = sparseCategoricalCrossEntropy({ fromLogits: true });
    const columns = { prediction: [1, 2, 3, 4], target: [0, 2], rows: 2, classes: 2 };
    expect(refusal(() => scce.unreduced(columns, out))).toMatchObject({
      code: "LF_LABEL_OUT_OF_RANGE",
      row: 1,
    });
    const bce = binaryCrossEntropy();
    expect(
      refusal(() => bce.unreduced({ prediction: [0.5, 7], target: [0, 1], rows: 2, classes: 1 }, out)),
    ).toMatchObject({ code: "LF_PROBABILITY_OUT_OF_RANGE", row: 1 });
    expect(refusal(() => gaussianNll().unreduced({ ...columns, rows: 2, classes: 1 }, out))).toMatchObject({
      code: "LF_VARIANCE_MISSING",
    });
    for (const { id } of LOSSES.filter(({ decomposable }) => !decomposable)) {
      const run = (): void =>
        lossFromSpec({ loss: id }).unreduced({ prediction: [0.5], target: [1], rows: 1, classes: 1 }, out);
      expect(refusal(run).code).toBe("LF_NOT_DECOMPOSABLE");
    }
  });

  test("weights of classes and of columns come one for each", () => {
    const scce = sparseCategoricalCrossEntropy({ classWeight: [1, 2, 3] });
    expect(refusal(() => scce.value([[0.5, 0.5]], [0])).code).toBe("LF_BAD_PARAMETER");
    const bce = binaryCrossEntropy({ fromLogits: true, posWeight: [1, 2, 3] });
    expect(refusal(() => bce.value([[1, 2]], [[0, 1]])).code).toBe("LF_BAD_PARAMETER");
    // As many elements as three columns would fill, in rows of two.
    const sixes = [
      [1, 2],
      [3, 4],
      [5, 6],
    ];
    expect(
      refusal(() =>
        bce.value(
          sixes,
          sixes.map((row) => row.map(() => 0)),
        ),
      ).code,
    ).toBe("LF_BAD_PARAMETER");
  });

  test("ignored labels are not out of range", () => {
    const loss = sparseCategoricalCrossEntropy({ fromLogits: true, ignoreIndex: -100 });
    expect(
      loss.value(
        [
          [0, 0],
          [1, 5],
        ],
        [0, -100],
      ),
    ).toBe(Math.LN2);
  });
});

describe("parameters", () => {
  test.each([
    ["huber", { delta: 0 }],
    ["huber", { delta: Infinity }],
    ["huber", { delta: "1" }],
    ["smooth_l1", { beta: -1 }],
    ["balanced_bce", { beta: 1.5 }],
    ["balanced_bce", { beta: "all" }],
    ["focal", { gamma: -0.1 }],
    ["focal_logits", { alpha: 2 }],
    ["focal_softmax", { alpha: [1, -1] }],
    ["bce", { label_smoothing: 1.1 }],
    ["bce", { label_smoothing: Number.NaN }],
    ["bce", { convention: "keras_tf" }],
    ["bce_logits", { pos_weight: [] }],
    ["cce", { convention: "pytorch" }],
    ["scce", { class_weight: [1, Number.NaN] }],
    ["scce", { ignore_index: 0.5 }],
    ["quantile", { tau: 2 }],
    ["mape", { eps: 0 }],
    ["hinge", { labels: 1 }],
    ["poisson_nll", { full: "yes" }],
    ["kl_div", { log_target: 1 }],
    ["cosine", { form: "similarity" }],
    ["dice", { smooth_num: -1 }],
    ["tversky", { alpha: -1 }],
    ["mse", { reduction: "average" }],
    ["mse", { reduce: "no" }],
    ["mse", { delta: 1 }],
    ["mse", { per_sample: 1 }],
  ])("%s %j is refused", (loss, params) => {
    const got = refusal(() => lossFromSpec({ loss, params }));
    expect(got.code).toBe("LF_BAD_PARAMETER");
    expect(got.message).toContain(loss);
    expect(got.message).toContain(Object.keys(params)[0]!);
  });

  test("an option that a factory does not have is refused, a misspelt one too, whichever the loss", () => {
    for (const info of LOSSES) {
      const { id, factory } = info;
      const got = refusal(() => info.create({ gama: 2 }));
      expect(got).toMatchObject({ code: "LF_BAD_PARAMETER" });
      expect(got.message).toMatch(new RegExp(`^The options of ${id} must be among .*; got gama\\.$`));
      // What would be ignored, as the predictions are not of that kind.
      const make = (core as unknown as Record<string, (options: object) => Loss>)[factory]!;
      if (make({ fromLogits: id.endsWith("_logits") }).id !== id) continue;
      expect(refusal(() => make({ fromLogits: "yes" }))).toMatchObject({ code: "LF_BAD_PARAMETER" });
    }
    expect(refusal(() => meanSquaredError({ fromLogits: true } as object)).message).toContain("fromLogits");
    expect(refusal(() => binaryCrossEntropy({ posWeight: 2 })).message).toContain("got posWeight");
    expect(binaryCrossEntropy({ posWeight: null, fromLogits: false }).id).toBe("bce");
  });

  test("so is one that a batch does not have, by value and by gradient", () => {
    const weights = { weights: [1, 2] } as BatchOptions;
    for (const reduction of ["none", "mean"] as const) {
      const loss = meanSquaredError({ reduction });
      expect(refusal(() => loss.value([1, 2], [0, 0], weights)).message).toBe(
        "The options of a batch of mse must be among shape, classAxis, weight, sampleWeight, mask, variance, out; got weights.",
      );
      expect(refusal(() => loss.gradient([1, 2], [0, 0], weights)).code).toBe("LF_BAD_PARAMETER");
    }
    expect(refusal(() => dice().value([1, 0], [0, 0], weights)).code).toBe("LF_BAD_PARAMETER");
    const axis = { classAxis: "frist" } as unknown as BatchOptions;
    const scce = sparseCategoricalCrossEntropy({ fromLogits: true });
    expect(refusal(() => scce.value([[0, 1]], [0], axis)).message).toBe(
      "The option classAxis must be first or last; got frist.",
    );
  });

  test.each([
    [{ pos_weight: [1, -2] }, "got [1,-2]."],
    [{ pos_weight: Infinity }, "got Infinity."],
    [{ label_smoothing: "much" }, 'got "much".'],
  ])("a refusal shows what it got, as JSON has it, and numbers as they are: %j", (params, shown) => {
    const { code, message } = refusal(() => lossFromSpec({ loss: "bce_logits", params }));
    expect(code).toBe("LF_BAD_PARAMETER");
    expect(message).toContain(shown);
  });

  test("an array of integers for the result is refused, no options are none", () => {
    const loss = meanSquaredError({ reduction: "none" });
    const out = new Int32Array(1) as unknown as Float32Array;
    expect(refusal(() => loss.value([1], [2.5], { out })).message).toBe(
      "The option out must be an array of floats; got Int32Array.",
    );
    expect(refusal(() => loss.gradient([1], [2.5], { out: [0] as unknown as Float64Array })).code).toBe(
      "LF_BAD_PARAMETER",
    );
    expect(loss.value([1], [2.5], null)).toEqual(Float64Array.of(2.25));
  });

  test("the greatest that is allowed is allowed", () => {
    for (const loss of ["bce", "focal", "cce", "scce", "categorical_focal_keras"]) {
      expect(lossFromSpec({ loss, params: { eps: 0.5 } }).params, loss).toMatchObject({ eps: 0.5 });
      expect(refusal(() => lossFromSpec({ loss, params: { eps: 0.6 } })).code).toBe("LF_BAD_PARAMETER");
    }
  });

  test("null is the default", () => {
    expect(lossFromSpec({ loss: "huber", params: { delta: null } }).params).toEqual({ delta: 1 });
  });

  test("an unknown loss is answered with the nearest", () => {
    expect(refusal(() => lossFromSpec({ loss: "hubr" }))).toMatchObject({
      code: "LF_UNKNOWN_LOSS",
      message: 'There is no loss "hubr": did you mean huber?',
    });
    expect(refusal(() => lossFromSpec({ loss: "crossentropyloss" })).message).toContain(
      "there are bce, bce_logits,",
    );
    expect(refusal(() => lossFromSpec({ loss: "toString" })).code).toBe("LF_UNKNOWN_LOSS");
  });
});

describe("the legacy pair", () => {
  const x = [1, 2, 4];
  const t = [0, 0, 0];
  test.each([
    [{ reduce: false }, Float64Array.of(1, 4, 16)],
    [{ reduce: false, size_average: true }, Float64Array.of(1, 4, 16)],
    [{ reduce: true }, 7],
    [{ size_average: false }, 21],
    [{ size_average: true, reduction: "sum" }, 7],
    [{ size_average: false, reduce: true, reduction: "none" }, 21],
    [{ reduction: "sum" }, 21],
  ])("%j", (params, expected) => {
    expect(lossFromSpec({ loss: "mse", params }).value(x, t)).toEqual(expected);
  });
});

test("a typed array is read in place and never written", () => {
  const x = Object.freeze([1, 2]);
  const wide = Float64Array.of(1, 2);
  meanSquaredError().gradient(wide, x, { weight: [0, 1], mask: [1, 1] });
  expect(wide).toEqual(Float64Array.of(1, 2));
});
