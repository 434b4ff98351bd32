import { ExactSum } from "@lossflow/core";
import { describe, expect, it } from "vitest";
import { createKernels } from "../src/index.ts";
import { createScalarKernels } from "../src/scalar.ts";
import { CASES, classesOf, columnsFor, lossOf, nameOf } from "./kernel-cases.ts";
import { expectWithin, ulpsBetween } from "./ulps.ts";

const MODULES = [
  { way: "with vectors", kernels: createKernels() },
  { way: "without", kernels: createScalarKernels() },
];

describe.each(MODULES)("$way", ({ kernels }) => {
  describe.each(CASES.map((kernelCase) => ({ name: nameOf(kernelCase), kernelCase })))(
    "$name",
    ({ kernelCase }) => {
      const loss = lossOf(kernelCase);

      it.each([
        { spread: "near", type: Float32Array },
        { spread: "near", type: Float64Array },
        { spread: "wide", type: Float32Array },
        { spread: "wide", type: Float64Array },
        { spread: "extreme", type: Float32Array },
        { spread: "extreme", type: Float64Array },
        { spread: "edges", type: Float32Array },
        { spread: "edges", type: Float64Array },
      ] as const)("gives the figures of core: $spread $type.name", ({ spread, type }) => {
        const [rows, classes] = loss.unit === "row" ? [1500, 10] : [6007, 1];
        const columns = columnsFor(loss, type, spread, rows, classes, 1);
        const mine = new Float64Array(rows);
        const theirs = new Float64Array(rows);
        kernels.unreduced(loss, columns, mine);
        loss.unreduced(columns, theirs);
        for (let i = 0; i < rows; i++) {
          const apart = ulpsBetween(mine[i]!, theirs[i]!);
          if (apart <= kernelCase.ulps) continue;
          const { prediction, target } = columns;
          const at =
            columns.classes === 1
              ? `p ${prediction[i]} t ${target[i]}`
              : `row ${i}: ${prediction.subarray(i * classes, (i + 1) * classes).join(" ")} label ${target[i]}`;
          expect.fail(`${mine[i]} is ${apart} units from ${theirs[i]} at ${at}`);
        }
      });

      it("costs an element what that element alone costs, whatever stands around it", () => {
        const [rows, classes] = loss.unit === "row" ? [150, classesOf(kernelCase, 7)] : [1100, 1];
        const {
          prediction,
          target,
          classes: width,
        } = columnsFor(loss, Float32Array, "extreme", rows, classes, 2);
        const targetWidth = target.length / rows;
        const all = new Float64Array(rows);
        kernels.unreduced(loss, { prediction, target, rows, classes: width }, all);
        const some = new Float64Array(17);
        for (let length = 0; length <= 17; length++) {
          const first = 3 + 5 * length;
          const columns = {
            prediction: prediction.subarray(first * width, (first + length) * width),
            target: target.subarray(first * targetWidth, (first + length) * targetWidth),
            rows: length,
            classes: width,
          };
          kernels.unreduced(loss, columns, some);
          expect(some.subarray(0, length)).toEqual(all.subarray(first, first + length));
        }
      });
    },
  );

  describe.each([
    { id: "scce_logits", params: {} },
    { id: "scce_logits", params: { label_smoothing: 0.1 } },
    { id: "cce_logits", params: {} },
    { id: "focal_softmax", params: {} },
    { id: "scce", params: {} },
    { id: "scce", params: { label_smoothing: 0.1 } },
    { id: "cce", params: {} },
  ] as const)("$id $params of rows of many classes", ({ id, params }) => {
    it.each([1, 2, 3, 5, 30, 33, 503, 504, 505, 1000, 2049])("%i classes", (classes) => {
      const loss = lossOf({ id, params, ulps: 4 });
      // Logits of a deviation of 10 have exponentials in all magnitudes beside each other, whose sums round most.
      for (const spread of ["near", "broad"] as const) {
        const rows = Math.max(40, Math.floor(6000 / classes));
        const columns = columnsFor(loss, Float32Array, spread, rows, classes, 3);
        const mine = new Float64Array(rows);
        const theirs = new Float64Array(rows);
        kernels.unreduced(loss, columns, mine);
        loss.unreduced(columns, theirs);
        for (let i = 0; i < rows; i++) expectWithin(4, mine[i]!, theirs[i]!);
      }
    });
  });

  it("rounds the sum of a row once, of terms that are rounded themselves and of a logarithm that all have", () => {
    const of = lossOf({ id: "scce_logits", params: {}, ulps: 4 });
    const soft = lossOf({ id: "cce_logits", params: {}, ulps: 4 });
    for (const classes of [2, 5, 10]) {
      const columns = columnsFor(soft, Float64Array, "near", 300, classes, 12);
      const losses = new Float64Array(300);
      kernels.unreduced(soft, columns, losses);
      for (let r = 0; r < 300; r++) {
        const x = columns.prediction.subarray(r * classes, (r + 1) * classes);
        const top = x.indexOf(Math.max(...x));
        const log = new Float64Array(1);
        kernels.unreduced(of, { prediction: x, target: Int32Array.of(top), rows: 1, classes }, log);
        const exact = new ExactSum();
        for (let c = 0; c < classes; c++) {
          const f = columns.target[r * classes + c]!;
          exact.add(f * (x[top]! - x[c]!));
          exact.addProduct(f, log[0]!);
        }
        expect(losses[r]).toBe(exact.value());
      }
    }
  });

  it("stays within 4 units where class weights and smoothing leave few terms", () => {
    for (const weights of [
      [5, 5, 0.1],
      [0.7, 1e-3, 9],
      [5, 1e-3, 0.7],
    ]) {
      for (const label_smoothing of [0.2, 0.3, 0.9]) {
        const params = { label_smoothing, class_weight: weights };
        const loss = lossOf({ id: "scce_logits", params, ulps: 4 });
        const near = columnsFor(loss, Float64Array, "near", 6000, 3, 12);
        const columns = { ...near, prediction: near.prediction.map((x) => 1e-6 * x) };
        const mine = new Float64Array(6000);
        const theirs = new Float64Array(6000);
        kernels.unreduced(loss, columns, mine);
        loss.unreduced(columns, theirs);
        for (let i = 0; i < 6000; i++) expectWithin(4, mine[i]!, theirs[i]!);
      }
    }
  });
});
