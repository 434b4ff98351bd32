import { describe, expect, test } from "vitest";
import {
  LOSSES,
  binaryCrossEntropy,
  dice,
  lossFromSpec,
  type LossSpec,
  meanSquaredError,
  softmaxFocal,
  sparseCategoricalCrossEntropy,
  type BatchOptions,
  type Loss,
} from "@lossflow/core";
import * as core from "@lossflow/core";
import { refusal } from "./refusal.ts";

test("one loss alone reads variances", () => {
  const readers = LOSSES.filter(({ id }) => lossFromSpec({ loss: id }).readsVariance);
  expect(readers.map(({ id }) => id)).toEqual(["gaussian_nll"]);
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
    ["mse", { size_average: 0 }],
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
      const hasForms = LOSSES.some((other) => other.factory === factory && other.id !== id);
      expect(got.message.includes("fromLogits")).toBe(hasForms || id === "categorical_focal_keras");
      for (const fromLogits of ["yes", 1, true, false]) {
        if (typeof fromLogits === "boolean" && got.message.includes("fromLogits")) continue;
        expect(refusal(() => make({ fromLogits }))).toMatchObject({ code: "LF_BAD_PARAMETER" });
      }
    }
    expect(refusal(() => meanSquaredError({ fromLogits: true } as object)).message).toContain("fromLogits");
    expect(refusal(() => binaryCrossEntropy({ posWeight: 2 })).message).toContain("got posWeight");
    expect(binaryCrossEntropy({ posWeight: null, fromLogits: false }).id).toBe("bce");
  });

  test("factors that are not as many as the classes are refused by their name", () => {
    const logits = [[1, 2, 3]];
    expect(refusal(() => softmaxFocal({ alpha: [1, 2] }).value(logits, [0])).message).toBe(
      "The number of alpha must be 3; got 2.",
    );
    expect(
      refusal(() =>
        sparseCategoricalCrossEntropy({ fromLogits: true, classWeight: [1, 2] }).value(logits, [0]),
      ).message,
    ).toBe("The number of class weights must be 3; got 2.");
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
  ])("a refusal shows what it got, numbers as they are: %j", (params, shown) => {
    const { code, message } = refusal(() => lossFromSpec({ loss: "bce_logits", params }));
    expect(code).toBe("LF_BAD_PARAMETER");
    expect(message).toContain(shown);
  });

  test("an integer of any length is no number", () => {
    const { code, message } = refusal(() => lossFromSpec({ loss: "huber", params: { delta: 2n } }));
    expect(code).toBe("LF_BAD_PARAMETER");
    expect(message).toContain("got 2.");
  });

  test.each([
    ["scce", { class_weight: 1 }, "class_weight of scce must be a list; got 1."],
    ["cce_logits", { class_weight: "[1,2" }, 'class_weight of cce_logits must be a list; got "[1,2".'],
    ["cce", { class_weight: [1, -2] }, "class_weight of cce must be a finite number from 0; got [1,-2]."],
    ["scce", { ignore_index: 1.5 }, "ignore_index of scce must be a whole number; got 1.5."],
    ["scce", { ignore_index: "a whole number" }, 'must be a whole number; got "a whole number".'],
    ["scce", { ignore_index: Infinity }, "must be a whole number; got Infinity."],
    ["cce", { class_weight: "a list" }, 'must be a list; got "a list".'],
    ["mse", { reduce: "no" }, 'reduce of mse must be true or false; got "no".'],
    ["huber", { delta: 0 }, "delta of huber must be a finite number above 0; got 0."],
    ["bce", { eps: 2 }, "eps of bce must be a finite number from 0 to 0.5; got 2."],
  ])("%s %j: a refusal says what a parameter must be, and no bound that is none", (loss, params, said) => {
    const { code, message } = refusal(() => lossFromSpec({ loss, params }));
    expect(code).toBe("LF_BAD_PARAMETER");
    expect(message).toContain(said);
  });

  test("an array of integers for the result is refused, no options are none", () => {
    const loss = meanSquaredError({ reduction: "none" });
    const out = new Int32Array(1) as unknown as Float32Array;
    expect(refusal(() => loss.value([1], [2.5], { out })).message).toBe(
      "The option out must be an array of floats; got Int32Array.",
    );
    expect(refusal(() => loss.value([1], [2.5], { out: [0] as unknown as Float32Array })).message).toBe(
      "The option out must be an array of floats; got [0].",
    );
    expect(refusal(() => loss.gradient([1], [2.5], { out: [0] as unknown as Float64Array })).code).toBe(
      "LF_BAD_PARAMETER",
    );
    expect(loss.value([1], [2.5], null)).toEqual(Float64Array.of(2.25));
    expect(loss.value([1], [2.5], { out: null as unknown as Float64Array })).toEqual(Float64Array.of(2.25));
  });

  test("the greatest that is allowed is allowed", () => {
    for (const loss of ["bce", "focal", "cce", "scce", "categorical_focal_keras"]) {
      expect(lossFromSpec({ loss, params: { eps: 0.5 } }).params, loss).toMatchObject({ eps: 0.5 });
      expect(refusal(() => lossFromSpec({ loss, params: { eps: 0.6 } })).code).toBe("LF_BAD_PARAMETER");
    }
  });

  test("null is the default", () => {
    expect(lossFromSpec({ loss: "huber", params: { delta: null } }).params).toEqual({ delta: 1 });
    const spec = JSON.parse('{ "loss": "huber", "params": null }') as LossSpec;
    expect(lossFromSpec(spec).params).toEqual({ delta: 1 });
  });

  test("a spec of other keys, or that is none, is refused", () => {
    const misspelt = { loss: "focal", parms: { gamma: 3 } };
    expect(refusal(() => lossFromSpec(misspelt))).toMatchObject({
      code: "LF_BAD_PARAMETER",
      message: "The options of lossFromSpec must be among loss, params, preset; got parms.",
    });
    for (const none of [null, "mse"])
      expect(refusal(() => lossFromSpec(none as unknown as LossSpec)).message).toBe(
        `The options of lossFromSpec must be among loss, params, preset; got ${none}.`,
      );
  });

  test.each(["toString", "Torch", null])("a preset of another name is refused: %s", (preset) => {
    const spec = { loss: "mse", preset } as LossSpec;
    expect(refusal(() => lossFromSpec(spec)).code).toBe("LF_UNKNOWN_PRESET");
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

describe("parameters as they are resolved", () => {
  test.each(LOSSES)("of $id are the defaults of the registry", ({ id, parameters }) => {
    const defaults = Object.fromEntries(parameters.map(({ name, default: value }) => [name, value]));
    expect(lossFromSpec({ loss: id }).params).toEqual(defaults);
  });

  test("are plain JSON: a typed array of weights becomes a list", () => {
    expect(binaryCrossEntropy({ fromLogits: true, posWeight: Float64Array.of(1, 2) }).params).toEqual({
      label_smoothing: 0,
      pos_weight: [1, 2],
    });
  });
});
