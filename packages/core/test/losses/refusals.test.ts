import { describe, expect, test } from "vitest";
import {
  LOSSES,
  binaryCrossEntropy,
  gaussianNll,
  lossFromSpec,
  meanSquaredError,
  sparseCategoricalCrossEntropy,
  type BatchOptions,
  type Tensor,
} from "@lossflow/core";
import { refusal } from "./refusal.ts";

const givenAway = Int32Array.of(2);
structuredClone(givenAway, { transfer: [givenAway.buffer] });

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
    [
      "mse",
      "a negative weight of a table",
      [
        [1, 2],
        [3, 4],
      ],
      [
        [0, 0],
        [0, 0],
      ],
      {
        weight: [
          [1, 1],
          [1, -1],
        ],
      },
      { code: "LF_WEIGHT_OUT_OF_RANGE", row: 1, column: 1 },
    ],
    [
      "mse",
      "a negative sample weight of a table",
      [
        [1, 2],
        [3, 4],
      ],
      [
        [0, 0],
        [0, 0],
      ],
      { sampleWeight: [1, -1] },
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
    ...["scce_logits", "focal_softmax"].map(
      (id) =>
        [
          id,
          "labels of other axes",
          new Float64Array(12),
          [
            [0, 1],
            [0, 1],
            [0, 1],
          ],
          { shape: [2, 3, 2] },
          { code: "LF_LENGTH_MISMATCH", message: "The number of labels must be 2 x 3; got 3 x 2." },
        ] as const,
    ),
    ...["cce_logits", "cosine"].map(
      (id) =>
        [
          id,
          "targets of other axes",
          new Float64Array(12),
          [
            [1, 0],
            [1, 0],
            [1, 0],
            [1, 0],
            [1, 0],
            [1, 0],
          ],
          { shape: [2, 3, 2] },
          { code: "LF_LENGTH_MISMATCH", message: "The number of targets must be 2 x 3 x 2; got 6 x 2." },
        ] as const,
    ),
    ["cce_logits", "flat predictions without a shape", [1, 2, 3, 4], [1, 0, 1, 0], {}, { code: "LF_SHAPE" }],
    ["mse", "a shape that is not filled", [1, 2, 3], [1, 2, 3], { shape: [2, 2] }, { code: "LF_SHAPE" }],
    ["cosine", "a shape of nothing", [], [], { shape: [2, 3] }, { code: "LF_SHAPE" }],
    ["mse", "a shape of parts", [1, 2], [1, 2], { shape: [1.5, 4 / 3] }, { code: "LF_SHAPE" }],
    [
      "mse",
      "a shape that is a number",
      [1, 2],
      [1, 2],
      { shape: 2 as unknown as number[] },
      { code: "LF_SHAPE" },
    ],
    [
      "mse",
      "a shape whose memory is given away",
      [1, 2],
      [1, 2],
      { shape: givenAway as unknown as number[] },
      { code: "LF_SHAPE" },
    ],
    ["mse", "no shape", [1, 2], [1, 2], { shape: null as unknown as number[] }, { code: "LF_SHAPE" }],
    ["mse", "a negative shape", [1, 2], [1, 2], { shape: [-1, -2] }, { code: "LF_SHAPE" }],
    ["mse", "a ragged array", [[1, 2], [3]], [1, 2, 3], {}, { code: "LF_SHAPE", row: 1 }],
    [
      "mse",
      "a number among rows",
      [[1, 2], 3] as unknown as Tensor,
      [1, 2, 3],
      {},
      {
        code: "LF_NOT_A_NUMBER",
        message: "The prediction in row 1 must be an array of numbers; got number.",
      },
    ],
    ["mse", "null among numbers", [1, null] as unknown as Tensor, [1, 2], {}, { code: "LF_NOT_A_NUMBER" }],
    ["mse", "text for an array", "12" as unknown as Tensor, [1, 2], {}, { code: "LF_NOT_A_NUMBER" }],
    [
      "mse",
      "a length that is no number",
      { length: 1n } as unknown as Tensor,
      [1],
      {},
      { code: "LF_NOT_A_NUMBER" },
    ],
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
    for (const row of [
      [1, 2, 3, 4, 5, 6],
      [1, 2],
    ])
      expect(
        refusal(() =>
          bce.value(
            [row, row, row],
            [row, row, row].map((r) => r.map(() => 1)),
          ),
        ),
      ).toMatchObject({
        code: "LF_BAD_PARAMETER",
        message: `The number of pos_weight must be ${row.length}; got 3.`,
      });
    // Flat ones are whole rows of as many columns.
    expect(bce.value([0, 0, 0, 0, 0, 0], [1, 1, 1, 1, 1, 1])).toBeCloseTo(2 * Math.LN2);
    expect(refusal(() => bce.value([1, 2, 3, 4], [0, 0, 0, 0])).code).toBe("LF_BAD_PARAMETER");
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

test("a typed array is read in place and never written", () => {
  const x = Object.freeze([1, 2]);
  const wide = Float64Array.of(1, 2);
  meanSquaredError().gradient(wide, x, { weight: [0, 1], mask: [1, 1] });
  expect(wide).toEqual(Float64Array.of(1, 2));
});
