import { describe, expect, test } from "vitest";
import {
  binaryCrossEntropy,
  dice,
  gaussianNll,
  meanSquaredError,
  sparseCategoricalCrossEntropy,
  type BatchOptions,
  type Loss,
} from "@lossflow/core";
import { refusal } from "./refusal.ts";

const x = [
  [1, 2, 3],
  [4, 5, 6],
];
const zeros = x.map((row) => row.map(() => 0));
/** 2 x 3 pixels of 2 classes, classes first: 2 x 2 x 3. */
const pixels = Float64Array.from({ length: 12 }, (_, i) => (i * 7) % 5);
const labels = [
  [0, 1, 1],
  [1, 0, 0],
];
const two = { shape: [2, 2, 3], classAxis: "first" } as const;
const three = {
  weights: [
    [1, 2, 3],
    [4, 5, 6],
  ],
  turned: [
    [1, 2],
    [3, 4],
    [5, 6],
  ],
};

describe("what comes with a batch in rows has the axes of the losses", () => {
  const scce = sparseCategoricalCrossEntropy({ fromLogits: true, reduction: "sum" });
  const cases: readonly [string, string, (options: BatchOptions) => number][] = [
    ["weight", "weights", (options) => meanSquaredError({ reduction: "sum" }).value(x, zeros, options)],
    ["weight", "weights", (options) => scce.value(pixels, labels, { ...two, ...options })],
    ["mask", "masks", (options) => meanSquaredError({ reduction: "sum" }).value(x, zeros, options)],
    ["mask", "masks", (options) => scce.value(pixels, labels, { ...two, ...options })],
    ["sampleWeight", "sample weights", (options) => scce.value(pixels, labels, { ...two, ...options })],
    ["variance", "variances", (options) => gaussianNll({ reduction: "sum" }).value(x, zeros, options)],
  ];
  test.each(cases)(
    "%s: other axes of as many are refused, the same are taken as flat ones are",
    (name, what, value) => {
      const got = refusal(() => value({ [name]: three.turned }));
      expect(got).toMatchObject({
        code: "LF_LENGTH_MISMATCH",
        message: `The number of ${what} must be 2 x 3; got 3 x 2.`,
      });
      expect(value({ [name]: three.weights })).toBe(value({ [name]: three.weights.flat() }));
      // Last axes of 1 are no axes, and flat numbers have none to be wrong about.
      expect(value({ [name]: three.weights.map((row) => row.map((w) => [w])) })).toBe(
        value({ [name]: [1, 2, 3, 4, 5, 6] }),
      );
    },
  );

  test("where the last axis is averaged away, masks and sample weights have those that are left", () => {
    const cube = [x, x];
    const keras: Loss<"sum"> = meanSquaredError({ reduction: "sum", perSample: true });
    const zero = cube.map((rows) => rows.map((row) => row.map(() => 0)));
    const flags = [
      [true, false],
      [false, true],
    ];
    expect(keras.value(cube, zero, { mask: flags })).toBe(keras.value(cube, zero, { mask: [1, 0, 0, 1] }));
    expect(refusal(() => keras.value(cube, zero, { mask: [flags.flat()] })).message).toBe(
      "The number of masks must be 2 x 2; got 1 x 4.",
    );
  });
});

describe("where there is one axis, rows of rows are others", () => {
  const four = [
    [1, 0],
    [2, 0],
    [3, 0],
    [4, 0],
  ];
  const square = [
    [1, 2],
    [3, 4],
  ];
  const scce = sparseCategoricalCrossEntropy({ fromLogits: true });
  test("labels, weights and masks of losses that are one a row", () => {
    for (const [what, options] of [
      ["weights", { weight: square }],
      [
        "masks",
        {
          mask: [
            [true, true],
            [true, false],
          ],
        },
      ],
      ["sample weights", { sampleWeight: square }],
    ] as const)
      expect(refusal(() => scce.value(four, [0, 1, 0, 1], options)).message).toBe(
        `The number of ${what} must be 4; got 2 x 2.`,
      );
    expect(
      refusal(() =>
        scce.value(four, [
          [0, 1],
          [1, 0],
        ]),
      ).message,
    ).toBe("The number of labels must be 4; got 2 x 2.");
    const options = { weight: [[1], [2], [3], [4]], mask: [1, 1, 0, 1] };
    expect(scce.value(four, [[0], [1], [0], [1]], options)).toBe(
      scce.value(four, [0, 1, 0, 1], { weight: [1, 2, 3, 4], mask: [true, true, false, true] }),
    );
  });

  test("weights of samples, of which there are as many as numbers", () => {
    const mse = meanSquaredError({ reduction: "none" });
    expect(refusal(() => mse.value(four, four, { sampleWeight: square })).message).toBe(
      "The number of sample weights must be 4; got 2 x 2.",
    );
    expect(mse.value([[1], [2]], [0, 0], { sampleWeight: [[1], [3]] })).toEqual(Float64Array.of(1, 12));
  });
});

test("a shape gives flat predictions axes, which targets in rows must have; those in rows bring their own", () => {
  const mse = meanSquaredError();
  const columns = [
    [1, 2],
    [3, 4],
    [5, 6],
  ];
  expect(refusal(() => mse.value([1, 2, 3, 4, 5, 6], columns, { shape: [2, 3] })).message).toBe(
    "The number of targets must be 2 x 3; got 3 x 2.",
  );
  expect(mse.value([1, 2, 3, 4, 5, 6], columns, { shape: [3, 2], weight: columns })).toBe(0);
  expect(mse.value(columns, columns, { shape: [2, 3], weight: columns })).toBe(0);
  expect(mse.value([1, 2, 3, 4, 5, 6], columns)).toBe(0);
  expect(refusal(() => dice().value(new Float64Array(6), columns, { shape: [2, 3] })).code).toBe(
    "LF_LENGTH_MISMATCH",
  );
});

test("flags of a mask are true and false in rows, too, and predictions are not", () => {
  const mask = [
    [true, false, true],
    [false, true, true],
  ];
  const loss = meanSquaredError({ reduction: "sum" });
  expect(loss.value(x, zeros, { mask })).toBe(1 + 9 + 25 + 36);
  expect([...loss.gradient(x, zeros, { mask })]).toEqual([2, 0, 6, 0, 10, 12]);
  expect(refusal(() => loss.value(x, zeros, { mask: [[true, "no" as unknown as boolean]] })).message).toBe(
    "The mask in row 0 must be a number; got string.",
  );
  expect(refusal(() => loss.value([[true as unknown as number]], [[0]])).message).toBe(
    "The prediction in row 0 must be a number; got boolean.",
  );
  expect(
    refusal(() => binaryCrossEntropy().value([0.5], [1], { weight: [true as unknown as number] })).code,
  ).toBe("LF_NOT_A_NUMBER");
});
