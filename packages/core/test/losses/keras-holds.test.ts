import { describe, expect, test } from "vitest";
import {
  binaryCrossEntropy,
  categoricalCrossEntropy,
  categoricalFocalKeras,
  focal,
  sparseCategoricalCrossEntropy,
} from "@lossflow/core";
import { expectClose } from "./expect-close.ts";
import { expectDigits } from "./expect-digits.ts";

const none = { reduction: "none" } as const;

describe("Keras holds probabilities within [eps, 1 - eps]", () => {
  const keras = { convention: "keras", eps: 0.01, reduction: "none" } as const;
  test.each([
    ["bce", binaryCrossEntropy(keras)],
    ["focal", focal({ ...keras, gamma: 0 })],
  ] as const)("%s: the same loss outside as at the bound, and no gradient", (_, loss) => {
    const p = [0, 0.005, 0.01, 0.99, 0.995, 1];
    const t = [1, 1, 1, 0, 0, 0];
    const bound = -Math.log(0.01);
    for (const value of loss.value(p, t)) expect(value).toBeCloseTo(bound, 12);
    expect(Array.from(loss.gradient(p, t), Math.round)).toEqual([0, 0, -100, 100, 0, 0]);
  });
});

test("Keras holds a probability in the logarithms of the focal loss, and not in its power", () => {
  const loss = focal({ convention: "keras", gamma: 2, alpha: 0.25, reduction: "none" });
  const logarithm = -Math.log(1e-7);
  // 0.75 or 0.25 times (1 - p_t)^2 times the logarithm at the bound; its slope is that of the power alone.
  expectClose(
    loss.value([0, 5e-8, 1], [1, 1, 0]),
    [0.25, 0.25 * (1 - 5e-8) ** 2, 0.75].map((a) => a * logarithm),
    1e-9,
  );
  expectClose(
    loss.gradient([0, 5e-8, 1], [1, 1, 0]),
    [-0.5, -0.5 * (1 - 5e-8), 1.5].map((a) => a * logarithm),
    1e-9,
  );
  expect(loss.value([0, 1], [0, 1])).toEqual(Float64Array.of(0, 0));
  expect(loss.gradient([0, 1], [0, 1])).toEqual(Float64Array.of(0, 0));
});

test("Keras holds rows after dividing them, and a class at a bound has no gradient", () => {
  const loss = categoricalCrossEntropy({ convention: "keras" });
  expect(loss.value([[2 / 3, 0, 0]], [[1, 0, 0]])).toBe(-Math.log(1 - 1e-7));
  expect(loss.gradient([[2 / 3, 0, 0]], [[1, 0, 0]])).toEqual(new Float64Array(3));
});

describe("what Keras holds at a bound", () => {
  test("focal rows: a share above 1 - eps costs what 1 - eps does, and has no gradient", () => {
    const loss = categoricalFocalKeras({ gamma: 0, alpha: 1, ...none });
    expectDigits(loss.value([[1, 0]], [[1, 0]]), [-Math.log(1 - 1e-7)]);
    expect(loss.gradient([[1, 1e-9]], [[1, 0]])).toEqual(new Float64Array(2));
  });

  test("focal rows of logits: a class of which less than eps is left has no slope", () => {
    const loss = categoricalFocalKeras({ fromLogits: true, gamma: 1, alpha: 1, ...none });
    expect(loss.gradient([[20, 0]], [[0, 1]])).toEqual(new Float64Array(2));
    expect(loss.gradient([[10, 0]], [[0, 1]])).not.toContain(0);
  });

  test("each row by itself: the one before keeps its gradient", () => {
    const loss = sparseCategoricalCrossEntropy({ convention: "keras_tf", ...none });
    const rows = [
      [0.25, 0.25, 0.5],
      [1, 0, 0],
    ];
    const each = rows.flatMap((row) => [...loss.gradient([row], [2])]);
    expect(Array.from(loss.gradient(rows, [2, 2]))).toEqual(each);
    expect(each.slice(0, 3)).not.toContain(0);
  });
});

test("under Keras's focal loss what alpha takes out has no slope, however steep its power", () => {
  for (const [alpha, p] of [
    [1, 0],
    [1, 1e-310],
    [0, 1],
  ] as const)
    expect(focal({ convention: "keras", gamma: 0.5, alpha, ...none }).gradient([p], [1 - alpha])).toEqual(
      Float64Array.of(0),
    );
});

test("Keras's rows with a NaN target have NaN gradients, also where a class is held", () => {
  for (const loss of [
    categoricalCrossEntropy({ convention: "keras", ...none }),
    categoricalCrossEntropy({ convention: "keras_tf", ...none }),
    categoricalFocalKeras(none),
  ]) {
    expect(loss.gradient([[0, 0.5, 0.5]], [[NaN, 0.5, 0]])).toEqual(Float64Array.of(NaN, NaN, NaN));
    expect(loss.gradient([[0, 0, 0]], [[NaN, 0.5, 0]])).toEqual(Float64Array.of(NaN, NaN, NaN));
  }
  expect(categoricalFocalKeras(none).gradient([[0, 0, 0]], [[0.5, 0.5, 0]])).toEqual(
    Float64Array.of(NaN, NaN, NaN),
  );
});

test("a row of zeros without targets has no Keras loss and no gradient", () => {
  for (const loss of [
    categoricalCrossEntropy({ convention: "keras", ...none }),
    categoricalCrossEntropy({ convention: "keras_tf", ...none }),
    categoricalFocalKeras(none),
  ]) {
    expect(loss.value([[0, 0]], [[0, 0]])).toEqual(Float64Array.of(0));
    expect(loss.gradient([[0, 0]], [[0, 0]])).toEqual(Float64Array.of(0, 0));
    expect(loss.gradient([[NaN, 0.5]], [[0, 0]])).toEqual(Float64Array.of(NaN, NaN));
  }
});
