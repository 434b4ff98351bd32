import { describe, expect, test } from "vitest";
import {
  binaryCrossEntropy,
  ExactSum,
  lossFromSpec,
  meanSquaredError,
  reductionFromLegacy,
  RunningLoss,
  sparseCategoricalCrossEntropy,
  type LossSpec,
} from "@lossflow/core";
import { refusal } from "./losses/refusal.ts";

/** As callers without types give it. */
const any = (given: unknown): never => given as never;

describe("what callers without types may give is refused in one sentence", () => {
  test("parts that are too few, or none, or options of another name; room for more is left alone", () => {
    const state = RunningLoss.create({ parts: [{ weighted: true }] });
    const short = refusal(() => RunningLoss.addParts(state, [[1]], 3));
    expect(short).toMatchObject({
      code: "LF_LENGTH_MISMATCH",
      message: "The number of losses of a part must be 3; got 1.",
    });
    expect(refusal(() => RunningLoss.addParts(state, [any(null)], 1)).code).toBe("LF_LENGTH_MISMATCH");
    expect(refusal(() => RunningLoss.addParts(state, [[1]], 1, any({ weight: [9] }))).message).toContain(
      "got weight",
    );
    expect(refusal(() => RunningLoss.addParts(state, [[1]], 1, any(5))).code).toBe("LF_BAD_PARAMETER");
    expect(RunningLoss.toBytes(state)).toEqual(
      RunningLoss.toBytes(RunningLoss.create({ parts: [{ weighted: true }] })),
    );
    RunningLoss.addParts(state, [Float64Array.of(1, 2, 99)], 2);
    expect(state.parts[0]!.sum.value()).toBe(3);
    expect(RunningLoss.value(RunningLoss.create(), any(null)).mean).toBeNull();
  });

  test("exponents of a sum that are not whole, or too far", () => {
    const sum = new ExactSum();
    for (const exponent of [0.5, Number.NaN, Infinity, 500_001, -500_001, any("3"), any(null), any(1n)])
      expect(refusal(() => sum.add(1, exponent)).code).toBe("LF_BAD_PARAMETER");
    expect(refusal(() => sum.add(1, 0.5)).message).toBe(
      "The exponent must be a whole number from -500000 to 500000; got 0.5.",
    );
    expect(sum.value()).toBe(0);
    sum.add(1, 500_000);
    sum.add(-1, 500_000);
    sum.add(1, -500_000);
    expect(sum.toRational()).toEqual({ integer: 1n, exponent: -500_000 });
  });

  test("flags of old reductions", () => {
    expect(reductionFromLegacy(any(null))).toBeNull();
    expect(reductionFromLegacy(any(undefined))).toBeNull();
    for (const flags of [{ reduce: 0 }, { reduce: "false" }, { sizeAverage: 1 }, { size_average: false }, 5])
      expect(refusal(() => reductionFromLegacy(any(flags))).code, JSON.stringify(flags)).toBe(
        "LF_BAD_PARAMETER",
      );
  });

  test("parameters that are no object", () => {
    for (const params of [5, true, "reduction", ["sum"]])
      expect(refusal(() => lossFromSpec({ loss: "mse", params: any(params) })).code).toBe("LF_BAD_PARAMETER");
  });

  test("objects that claim to be lists", () => {
    for (const [loss, name] of [
      ["bce_logits", "pos_weight"],
      ["scce", "class_weight"],
      ["focal_softmax", "alpha"],
    ]) {
      const spec: LossSpec = { loss: loss!, params: { [name!]: { length: 1e9 } } };
      expect(refusal(() => lossFromSpec(spec)).code).toBe("LF_BAD_PARAMETER");
    }
    const many = Array.from({ length: 1e5 }, () => 1);
    many[5] = Number.NaN;
    const { message } = refusal(() => sparseCategoricalCrossEntropy({ classWeight: many }));
    expect(message.length).toBeLessThan(300);
  });

  test("flags of a mask that are neither numbers nor true or false", () => {
    const loss = meanSquaredError();
    const masks = [
      ["yes", "no"],
      ["1", "0"],
      [1n, 0n],
      [Symbol("a"), 1],
      [undefined, 1],
      [NaN, 1],
      [-1, 1],
      [
        [1, 1],
        [1, 1],
      ],
      { length: 1e9 },
      5,
    ];
    for (const mask of masks)
      expect(refusal(() => loss.value([1, 3], [0, 0], { mask: any(mask) })).message).toContain("mask");
    for (const mask of [[true, false], [1, 0], [[1], [0]], Uint8Array.of(7, 0)])
      expect(loss.value([1, 3], [0, 0], { mask: any(mask) })).toBe(1);
  });
});

test("a loss is what its parameters say, and nobody changes them", () => {
  const perSample = meanSquaredError({ perSample: true, reduction: "none" });
  const again = lossFromSpec({ loss: perSample.id, params: { ...perSample.params, reduction: "none" } });
  const [x, t] = [
    [
      [1, 2],
      [3, 4],
    ],
    [
      [0, 0],
      [0, 0],
    ],
  ];
  expect(again.value(x, t)).toEqual(perSample.value(x, t));
  const weights = [1, 2];
  for (const loss of [
    sparseCategoricalCrossEntropy({ classWeight: weights, fromLogits: true }),
    binaryCrossEntropy({ fromLogits: true, posWeight: weights }),
  ]) {
    const list = (loss.params["class_weight"] ?? loss.params["pos_weight"]) as number[];
    expect(() => (list[1] = 7)).toThrow(TypeError);
    expect(list).toEqual([1, 2]);
  }
});

test("weights below 0 may leave a spread without a root", () => {
  const state = RunningLoss.create();
  RunningLoss.addArray(state, [1, 2, 3], { weights: [1, 3, -1] });
  const { variance, deviation } = RunningLoss.spread(state);
  expect(variance).toBeLessThan(0);
  expect(deviation).toBeNull();
});
