import { lossFromSpec, type LossId } from "@lossflow/core";
import { describe, expect, it } from "vitest";
import { createScalarKernels } from "../src/scalar.ts";
import { createKernels, TABLE_BYTES, WORKSPACE_BYTES } from "../src/index.ts";
import { columnsFor } from "./kernel-cases.ts";
import { expectWithin, ulpsBetween } from "./ulps.ts";

const MODULES = [
  { way: "with vectors", kernels: createKernels(), create: createKernels },
  { way: "without", kernels: createScalarKernels(), create: createScalarKernels },
];
const FACTORS = [1, 2, 0.3, 0, 1, 7, 1e-3, 1, 0.1, 4, 2];
const POSITIVE = FACTORS.map((factor) => factor || 5);
const CASES: readonly { readonly id: LossId; readonly params: object; readonly ulps: number }[] = [
  { id: "mse", params: {}, ulps: 0 },
  { id: "mae", params: {}, ulps: 0 },
  { id: "huber", params: { delta: 0.7 }, ulps: 0 },
  { id: "smooth_l1", params: { beta: 0.3 }, ulps: 0 },
  { id: "bce_logits", params: {}, ulps: 4 },
  { id: "bce_logits", params: { pos_weight: 3, label_smoothing: 0.1 }, ulps: 4 },
  { id: "balanced_bce_logits", params: { beta: 0.3 }, ulps: 4 },
  { id: "bce", params: {}, ulps: 0 },
  { id: "bce", params: { label_smoothing: 0.2 }, ulps: 0 },
  { id: "bce", params: { convention: "torch" }, ulps: 0 },
  { id: "bce", params: { convention: "keras" }, ulps: 0 },
  { id: "balanced_bce", params: { beta: 0.3 }, ulps: 0 },
  { id: "focal_logits", params: { gamma: 0 }, ulps: 4 },
  { id: "focal_logits", params: { gamma: 1.5 }, ulps: 4 },
  { id: "focal_logits", params: { gamma: 2, alpha: 0.25 }, ulps: 4 },
  { id: "focal", params: { gamma: 0 }, ulps: 4 },
  { id: "focal", params: { gamma: 2, alpha: 0.25 }, ulps: 4 },
  { id: "focal", params: { gamma: 1, alpha: 0 }, ulps: 4 },
  { id: "focal", params: { gamma: 0.5, alpha: 1 }, ulps: 4 },
  { id: "scce", params: {}, ulps: 0 },
  { id: "scce", params: { ignore_index: -100, convention: "torch" }, ulps: 0 },
  { id: "cce", params: {}, ulps: 0 },
  { id: "cce", params: { label_smoothing: 0.1 }, ulps: 0 },
  { id: "cce_logits", params: {}, ulps: 4 },
  { id: "cce_logits", params: { label_smoothing: 0.1 }, ulps: 4 },
  { id: "scce_logits", params: {}, ulps: 4 },
  { id: "scce_logits", params: { ignore_index: -100 }, ulps: 4 },
  { id: "scce_logits", params: { class_weight: FACTORS, ignore_index: 3 }, ulps: 5 },
  { id: "scce", params: { class_weight: FACTORS }, ulps: 0 },
  { id: "scce_logits", params: { label_smoothing: 0.1, ignore_index: -100 }, ulps: 4 },
  { id: "scce_logits", params: { label_smoothing: 0.3, class_weight: POSITIVE }, ulps: 4 },
  { id: "scce", params: { label_smoothing: 0.1, ignore_index: -100 }, ulps: 0 },
  { id: "scce", params: { label_smoothing: 0.3, class_weight: POSITIVE }, ulps: 0 },
  { id: "cce_logits", params: { class_weight: FACTORS }, ulps: 4 },
  { id: "cce", params: { class_weight: FACTORS, label_smoothing: 0.1 }, ulps: 0 },
  { id: "focal_softmax", params: { gamma: 1, alpha: FACTORS }, ulps: 8 },
  { id: "focal_softmax", params: { gamma: 0 }, ulps: 4 },
  { id: "focal_softmax", params: { gamma: 0.5 }, ulps: 8 },
  { id: "focal_softmax", params: { gamma: 2 }, ulps: 8 },
  { id: "focal_softmax", params: { gamma: 3, alpha: 0.3 }, ulps: 8 },
];

describe.each(MODULES)("$way", ({ kernels, create }) => {
  describe.each(CASES.map((each) => ({ ...each, name: `${each.id} ${JSON.stringify(each.params)}` })))(
    "the gradient of $name",
    ({ id, params, ulps }) => {
      const loss = lossFromSpec({ loss: id, params: { ...params, reduction: "sum" } });
      const [rows, classes] = loss.unit === "row" ? [700, 11] : [3001, 1];
      const isOfMany = loss.unit === "row" && !Object.values(params).some(Array.isArray);

      it.each([
        ["near", rows, classes],
        ["broad", rows, classes],
        ["wide", rows, classes],
        ["extreme", rows, classes],
        ...(isOfMany ? ([["near", 20, 1000]] as const) : []),
      ] as const)("is that of core: %s data, %i rows of %i", (spread, rows, classes) => {
        expect(kernels.supportsGradient(loss)).toBe(true);
        for (const type of [Float32Array, Float64Array]) {
          const columns = columnsFor(loss, type, spread, rows, classes, 41);
          const { prediction, target } = columns;
          const mine = new Float64Array(rows * columns.classes);
          kernels.gradient(loss, columns, mine);
          const shape = loss.unit === "row" ? { shape: [rows, classes] } : {};
          const theirs = loss.gradient(Float64Array.from(prediction), Float64Array.from(target), shape);
          for (let i = 0; i < mine.length; i++) {
            // A soft target leaves the difference of two parts: of the larger one they are given as units, which is up to 3
            // (pos_weight, rows), by probabilities 1 / (p (1 - p)).
            const [t, p] = [target[i]!, prediction[i]!];
            const isSoft =
              (t > 0 && t < 1) ||
              "label_smoothing" in params ||
              "beta" in params ||
              loss.target === "distribution";
            const part = loss.id === "focal" ? 1 / (p * (1 - p)) : Math.max(1, Math.abs(theirs[i]!));
            const apart =
              ulps > 0 && (loss.target !== "label" || "label_smoothing" in params) && isSoft
                ? Math.abs(mine[i]! - theirs[i]!) / (3 * 2 ** -53 * part)
                : ulpsBetween(mine[i]!, theirs[i]!);
            if (!(apart <= ulps) && !Object.is(mine[i], theirs[i])) {
              expect.fail(`${mine[i]} is ${apart} units from ${theirs[i]} at ${prediction[i]} and ${t}`);
            }
          }
        }
      });

      it("is the same for any cut, at any alignment, in memory of the host's", () => {
        const columns = columnsFor(loss, Float32Array, "extreme", rows, classes, 42);
        const width = columns.classes;
        const whole = new Float64Array(rows * width);
        kernels.gradient(loss, columns, whole);
        const memory = new WebAssembly.Memory({ initial: 8 });
        const at = TABLE_BYTES + WORKSPACE_BYTES;
        const given = create({ memory, workspace: TABLE_BYTES });
        for (const [first, count] of [
          [0, 1],
          [1, 6],
          [7, 505],
          [512, 188],
          [3, 0],
        ] as const) {
          const prediction = new Float32Array(memory.buffer, at + 4, count * width);
          const targetWidth = columns.target.length / rows;
          const target = new Float64Array(memory.buffer, at + 40_008, count * targetWidth);
          const out = new Float64Array(memory.buffer, at + 100_008, count * width + 1).fill(7);
          prediction.set(columns.prediction.subarray(first * width, (first + count) * width));
          target.set(columns.target.subarray(first * targetWidth, (first + count) * targetWidth));
          given.gradient(loss, { prediction, target, rows: count, classes: width }, out);
          expect(out.subarray(0, -1)).toEqual(whole.subarray(first * width, (first + count) * width));
          expect(out[count * width], "what stands behind").toBe(7);
        }
      });
    },
  );

  describe("gradients", () => {
    it("of many classes and far logits are core's", () => {
      const loss = lossFromSpec({ loss: "scce_logits", params: { reduction: "sum" } });
      for (const classes of [1, 2, 3, 5, 504, 505, 1300]) {
        const columns = columnsFor(loss, Float64Array, "wide", 20, classes, 43);
        const mine = new Float64Array(20 * classes);
        kernels.gradient(loss, columns, mine);
        const theirs = loss.gradient(columns.prediction, columns.target, { shape: [20, classes] });
        for (let i = 0; i < mine.length; i++) expectWithin(4, mine[i]!, theirs[i]!);
      }
    });

    it.each([
      ["bce", {}],
      ["bce", { label_smoothing: 0.1 }],
      ["balanced_bce", { beta: 0.3 }],
      ["focal", { gamma: 0 }],
      ["focal", { gamma: 1.5, alpha: 0.3 }],
      ["focal", { gamma: 3 }],
      ["scce", {}],
      ["scce", { label_smoothing: 0.1 }],
      ["cce", {}],
      ["cce", { label_smoothing: 0.1 }],
    ] as const)("of %s %o at 0 and -0, next to them and at 1 are core's", (id, params) => {
      const loss = lossFromSpec({ loss: id, params: { ...params, reduction: "sum" } });
      const isRow = loss.unit === "row";
      const ends = [0, -0, 5e-324, 2 ** -1030, 2 ** -1022, 2 ** -1001, 2 ** -149, 2 ** -53, 1 - 2 ** -53, 1];
      for (const type of [Float64Array, Float32Array]) {
        for (const p of type.from(ends)) {
          for (const t of loss.target === "label" ? [0, 1] : [0, 5e-324, 1e-8, 0.25, 0.5, 1]) {
            const prediction = isRow ? type.of(p, 1) : type.of(p);
            const target = Float64Array.of(t, ...(isRow && loss.target !== "label" ? [1 - t] : []));
            const mine = new Float64Array(prediction.length);
            kernels.gradient(loss, { prediction, target, rows: 1, classes: mine.length }, mine);
            const shape = isRow ? { shape: [1, 2] } : {};
            const theirs = loss.gradient(Float64Array.from(prediction), target, shape);
            for (const [i, slope] of mine.entries())
              expectWithin(4, slope, theirs[i]!, () => `at ${p}, ${t}`);
          }
        }
      }
    });

    it("refuse what the loss refuses, what has no kernel, and arrays that are too short", () => {
      const bce = lossFromSpec({ loss: "bce_logits" });
      const columns = {
        prediction: new Float32Array(900),
        target: new Float32Array(900).fill(2, 700),
        rows: 900,
        classes: 1,
      };
      const out = new Float64Array(900);
      expect(() => kernels.gradient(bce, columns, out)).toThrow(
        expect.objectContaining({ code: "LF_PROBABILITY_OUT_OF_RANGE", row: 700 }),
      );
      expect(() => kernels.gradient(bce, columns, out.subarray(1))).toThrow(
        expect.objectContaining({ code: "LF_LENGTH_MISMATCH" }),
      );
      const many = lossFromSpec({
        loss: "cce_logits",
        params: { class_weight: Array.from({ length: 497 }, () => 1) },
      });
      expect(kernels.supportsGradient(many)).toBe(false);
      expect(() => kernels.gradient(many, columns, out)).toThrow(
        expect.objectContaining({ code: "LF_NO_KERNEL" }),
      );
      for (const id of ["scce", "cce_logits"] as const) {
        const weighted = lossFromSpec({ loss: id, params: { class_weight: [1, 2] } });
        const rows = {
          prediction: new Float32Array(900),
          target: new Float32Array(900),
          rows: 300,
          classes: 3,
        };
        const refusal = expect.objectContaining({ code: "LF_BAD_PARAMETER" });
        expect(() => kernels.gradient(weighted, rows, out)).toThrow(refusal);
        expect(() => kernels.unreduced(weighted, rows, out)).toThrow(refusal);
        expect(() => kernels.fold(weighted).add(rows, 0)).toThrow(refusal);
      }
    });
  });
});
