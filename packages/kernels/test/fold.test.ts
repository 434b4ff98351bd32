import { RunningLoss } from "@lossflow/core";
import { describe, expect, it } from "vitest";
import { type KernelFold } from "../src/index.ts";
import { bytesOf, expected, kernels, OPTIONS } from "./folded.ts";
import { CASES, classesOf, columnsFor, lossOf, nameOf, type CaseColumns } from "./kernel-cases.ts";
import { Random } from "./random.ts";

describe.each(CASES.map((kernelCase) => ({ name: nameOf(kernelCase), kernelCase })))(
  "$name",
  ({ kernelCase }) => {
    const loss = lossOf(kernelCase);

    it.each(["near", "wide", "extreme"] as const)(
      "sums %s data to the bits of ExactSum, however it is cut",
      (spread) => {
        for (const type of [Float32Array, Float64Array]) {
          const [rows, classes] = loss.unit === "row" ? [2100, classesOf(kernelCase, 6)] : [5200, 1];
          const columns = columnsFor(loss, type, spread, rows, classes, 4);
          const losses = new Float64Array(rows);
          kernels.unreduced(loss, columns, losses);
          const whole = RunningLoss.toBytes(expected(columns, losses));
          for (const most of [rows, 1024, 700, 37]) {
            const fold = kernels.fold(loss);
            addInPieces(fold, columns, most, new Random(most));
            expect(bytesOf(fold)).toEqual(whole);
            fold.free();
          }
        }
      },
    );
  },
);

function addInPieces(fold: KernelFold, columns: CaseColumns, most: number, random: Random): void {
  const { prediction, target, rows, classes } = columns;
  const targetWidth = target.length / rows;
  for (let first = 0; first < rows;) {
    const length = Math.min(rows - first, most === rows ? rows : 1 + random.below(most));
    fold.add(
      {
        prediction: prediction.subarray(first * classes, (first + length) * classes),
        target: target.subarray(first * targetWidth, (first + length) * targetWidth),
        rows: length,
        classes,
      },
      first,
    );
    first += length;
  }
}

const mse = lossOf({ id: "mse", params: {}, ulps: 0 });

describe("extremes", () => {
  it.each([
    { id: "mse", max: 81 },
    { id: "mae", max: 9 },
    { id: "huber", max: 8.5, min: 0.5 },
  ] as const)("are those of the first rows that have them: $id", ({ id, max, min = 1 }) => {
    const prediction = new Float32Array(4096).fill(2);
    prediction[700] = prediction[3000] = 9;
    prediction[800] = prediction[1900] = 1;
    const fold = kernels.fold(lossOf({ id, params: {}, ulps: 0 }));
    fold.add({ prediction, target: new Float32Array(4096), rows: 4096, classes: 1 }, 10);
    const running = RunningLoss.create(OPTIONS);
    fold.drainInto(running);
    expect(RunningLoss.value(running)).toMatchObject({ min, minRow: 810, max, maxRow: 710 });
    fold.free();
  });

  it.each(["mse", "mae", "huber"] as const)(
    "are found where they differ in the last bits alone: %s",
    (id) => {
      const loss = lossOf({ id, params: {}, ulps: 0 });
      const prediction = new Float64Array(8192).fill(1.5 + 2 ** -40);
      prediction[3000] = prediction[5000] = 1.5 + 2 ** -40 + 2 ** -50;
      prediction[2000] = prediction[7000] = 1.5 + 2 ** -40 - 2 ** -50;
      const columns = { prediction, target: new Float64Array(8192), rows: 8192, classes: 1 };
      const losses = new Float64Array(8192);
      loss.unreduced(columns, losses);
      const fold = kernels.fold(loss);
      fold.add(columns, 0);
      const running = RunningLoss.create(OPTIONS);
      fold.drainInto(running);
      expect(RunningLoss.value(running)).toMatchObject({ minRow: 2000, maxRow: 3000 });
      expect(RunningLoss.toBytes(running)).toEqual(RunningLoss.toBytes(expected(columns, losses)));
      fold.free();
    },
  );

  it("are 0 at the first hit", () => {
    const prediction = new Float32Array(4096).fill(2);
    prediction[1500] = prediction[1501] = 0;
    const fold = kernels.fold(mse);
    fold.add({ prediction, target: new Float32Array(4096), rows: 4096, classes: 1 }, 0);
    const running = RunningLoss.create(OPTIONS);
    fold.drainInto(running);
    expect(RunningLoss.value(running)).toMatchObject({ min: 0, minRow: 1500, max: 4, maxRow: 0 });
    fold.free();
  });
});

describe("weights and squares", () => {
  const bce = lossOf({ id: "bce_logits", params: {}, ulps: 4 });

  it.each(["near", "wide", "extreme"] as const)("weighted sums of %s data are those of core", (spread) => {
    const columns = columnsFor(bce, Float32Array, spread, 3000, 1, 6);
    const random = new Random(7);
    const weight = Float64Array.from({ length: 3000 }, () =>
      random.unit() < 0.002 ? 0 : random.unit() * 2 ** random.below(40),
    );
    const losses = new Float64Array(3000);
    kernels.unreduced(bce, columns, losses);
    const running = RunningLoss.create(OPTIONS);
    RunningLoss.addArray(running, losses, { weights: weight, firstRow: 0 });
    const fold = kernels.fold(bce);
    fold.add({ ...columns, weight }, 0);
    expect(bytesOf(fold)).toEqual(RunningLoss.toBytes(running));
    fold.free();
  });

  it("batches with and without weights may follow one another", () => {
    const columns = columnsFor(bce, Float32Array, "near", 600, 1, 8);
    const weight = new Float32Array(600).fill(0.3);
    const losses = new Float64Array(600);
    kernels.unreduced(bce, columns, losses);
    const running = RunningLoss.create(OPTIONS);
    RunningLoss.addArray(running, losses, { firstRow: 0 });
    RunningLoss.addArray(running, losses, { weights: weight, firstRow: 600 });
    RunningLoss.addArray(running, losses, { firstRow: 1200 });
    const fold = kernels.fold(bce);
    fold.add(columns, 0);
    fold.add({ ...columns, weight }, 600);
    fold.add(columns, 1200);
    expect(bytesOf(fold)).toEqual(RunningLoss.toBytes(running));
    fold.free();
  });

  it.each(["near", "wide", "extreme"] as const)("squares of %s data are those of core", (spread) => {
    const columns = columnsFor(mse, Float64Array, spread, 3000, 1, 9);
    const losses = new Float64Array(3000);
    mse.unreduced(columns, losses);
    const options = { squares: true };
    const fold = kernels.fold(mse, options);
    fold.add(columns, 0);
    expect(bytesOf(fold, options)).toEqual(RunningLoss.toBytes(expected(columns, losses, options)));
    fold.free();
  });
});

describe("losses that are not finite", () => {
  const prediction = Float32Array.from({ length: 2000 }, (_, i) =>
    i === 1300 ? Number.NaN : i === 1700 ? Infinity : i,
  );
  const columns = { prediction, target: new Float32Array(2000), rows: 2000, classes: 1 };

  it.each(["count", "skip", "propagate"] as const)("are counted under the policy %s", (nan) => {
    const options = { ...OPTIONS, nan };
    const losses = new Float64Array(2000);
    mse.unreduced(columns, losses);
    const fold = kernels.fold(mse, options);
    fold.add(columns, 0);
    expect(bytesOf(fold, options)).toEqual(RunningLoss.toBytes(expected(columns, losses, options)));
    fold.free();
  });

  it("are refused with their row under the policy throw", () => {
    const fold = kernels.fold(mse, { nan: "throw" });
    expect(() => fold.add(columns, 40)).toThrow(
      expect.objectContaining({ code: "LF_NON_FINITE", row: 1340 }),
    );
    fold.free();
  });
});
