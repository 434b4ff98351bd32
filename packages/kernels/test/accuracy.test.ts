import { describe, expect, it } from "vitest";
import { createKernels } from "../src/index.ts";
import { createScalarKernels } from "../src/scalar.ts";
import { CASES, classesOf, columnsFor, lossOf, nameOf } from "./kernel-cases.ts";
import { ulpsBetween } from "./ulps.ts";

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

  describe.each(["scce_logits", "cce_logits", "focal_softmax", "scce", "cce"] as const)(
    "%s of rows of many classes",
    (id) => {
      it.each([1, 2, 3, 5, 30, 33, 503, 504, 505, 1000, 2049])("%i classes", (classes) => {
        const loss = lossOf({ id, params: {}, ulps: 4 });
        // Logits of a deviation of 10 have exponentials in all magnitudes beside each other, whose sums round most.
        for (const spread of ["near", "broad"] as const) {
          const rows = Math.max(40, Math.floor(6000 / classes));
          const columns = columnsFor(loss, Float32Array, spread, rows, classes, 3);
          const mine = new Float64Array(rows);
          const theirs = new Float64Array(rows);
          kernels.unreduced(loss, columns, mine);
          loss.unreduced(columns, theirs);
          for (let i = 0; i < rows; i++) expect(ulpsBetween(mine[i]!, theirs[i]!)).toBeLessThanOrEqual(4);
        }
      });
    },
  );
});
