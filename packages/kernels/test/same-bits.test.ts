import { RunningLoss } from "@lossflow/core";
import { describe, expect, it } from "vitest";
import { createKernels, type Kernels } from "../src/index.ts";
import { createScalarKernels } from "../src/scalar.ts";
import { digestOfLosses } from "./digest-of-losses.ts";
import { DIGESTS } from "./digests.ts";
import { CASES, classesOf, columnsFor, lossOf, nameOf, type KernelCase } from "./kernel-cases.ts";

const simd = createKernels();
const scalar = createScalarKernels();
const NAMED = CASES.map((kernelCase) => ({ name: nameOf(kernelCase), kernelCase }));

/* test/browser/same-bits.test.ts holds a browser to the same digests. A change of a formula changes them on purpose. */
describe.each([
  { way: "with vectors", kernels: simd },
  { way: "without", kernels: scalar },
])("the bits of the losses are those of every machine, $way", ({ kernels }) => {
  it.each(NAMED)("$name", ({ name, kernelCase }) => {
    expect(digestOfLosses(kernels, kernelCase)).toBe(DIGESTS[name]);
  });
});

describe("kernels without vectors have the bits of those with them", () => {
  it.each(NAMED)("$name: derivatives, sums, sums of squares and weighted sums", ({ kernelCase }) => {
    for (const spread of ["near", "extreme"] as const) {
      for (const type of [Float32Array, Float64Array]) {
        expect(everythingOf(scalar, kernelCase, spread, type)).toEqual(
          everythingOf(simd, kernelCase, spread, type),
        );
      }
    }
  });
});

function everythingOf(
  kernels: Kernels,
  kernelCase: KernelCase,
  spread: "near" | "extreme",
  type: typeof Float32Array | typeof Float64Array,
): unknown {
  const loss = lossOf(kernelCase);
  const [rows, classes] = loss.unit === "row" ? [700, classesOf(kernelCase, 11)] : [3001, 1];
  const columns = columnsFor(loss, type, spread, rows, classes, 61);
  const slopes = new Float64Array(rows * columns.classes);
  if (kernels.supportsGradient(loss)) kernels.gradient(loss, columns, slopes);
  const weight = Float32Array.from({ length: rows }, (_, i) => 1 + (i % 7));
  const sums = [{}, { squares: true }, { weight }].map((given) => {
    const options = { squares: "squares" in given };
    const fold = kernels.fold(loss, options);
    fold.add({ ...columns, ...("weight" in given ? { weight } : {}) }, 0);
    const running = RunningLoss.create(options);
    fold.drainInto(running);
    fold.free();
    return RunningLoss.toBytes(running);
  });
  return [slopes, sums];
}
