import { RunningLoss, type RunningLossState } from "@lossflow/core";
import { describe, expect, it } from "vitest";
import { createKernels, type KernelFold } from "../src/index.ts";
import {
  CASES,
  classesOf,
  columnsFor,
  lossOf,
  nameOf,
  type CaseColumns,
  type Spread,
} from "./kernel-cases.ts";
import { Random } from "./random.ts";

const kernels = createKernels();
const OPTIONS = { squares: false } as const;

/** The bytes of the running loss that a fold holds. */
function bytesOf(fold: KernelFold, options: object = OPTIONS): Uint8Array {
  const running = RunningLoss.create(options);
  fold.drainInto(running);
  return RunningLoss.toBytes(running);
}

/** What core makes of the same losses. */
function expected(columns: CaseColumns, losses: Float64Array, options: object = OPTIONS): RunningLossState {
  const running = RunningLoss.create(options);
  RunningLoss.addArray(running, losses.subarray(0, columns.rows), { firstRow: 0 });
  return running;
}

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

describe.each(["mse", "mae", "huber"] as const)("which way a block goes: %s", (id) => {
  const loss = lossOf({ id, params: {}, ulps: 0 });
  const waysOf = (spread: Spread, change: (p: Float32Array, t: Float32Array) => void = () => {}): unknown => {
    const columns = columnsFor(mse, Float32Array, spread, 64 * 512, 1, 5);
    change(columns.prediction as Float32Array, columns.target as Float32Array);
    const fold = kernels.fold(loss);
    fold.add(columns, 0);
    const { blocks } = fold;
    const losses = new Float64Array(columns.rows);
    loss.unreduced(columns, losses);
    expect(bytesOf(fold)).toEqual(RunningLoss.toBytes(expected(columns, losses)));
    fold.free();
    return blocks;
  };

  it("is the quick one for data as models give them", () => {
    expect(waysOf("near")).toEqual({ quick: 64, careful: 0, core: 0 });
  });

  it("is the quick one too where predictions hit their targets", () => {
    // The plain way does not mind zeros at all.
    const careful = id === "mae" ? 0 : 1;
    expect(waysOf("near", (p, t) => p.set(t.subarray(0, 9000)))).toEqual({
      quick: 64 - careful,
      careful,
      core: 0,
    });
  });

  it.each([0, 1, 2, 3, 4, 5, 6, 7])(
    "is the careful one for a block that holds NaN, %i places behind",
    (i) => {
      const row = 5000 + i;
      expect(waysOf("near", (p) => p.fill(Number.NaN, row, row + 1))).toEqual({
        quick: 63,
        careful: 1,
        core: 0,
      });
    },
  );
});

describe("which way a block goes", () => {
  it.each([2 ** -20, 2 ** -3, 8, 2 ** 20])(
    "is the quick one where losses grow %d times from block to block",
    (step) => {
      // Sums of a lane pass the end of their window in the middle of a block, or fall far below it.
      const rows = 24 * 512;
      const prediction = new Float64Array(rows);
      for (let i = 0; i < rows; i++) prediction[i] = (1 + (i % 7)) * step ** Math.floor(i / 700) * 1.1;
      const columns = { prediction, target: new Float64Array(rows), rows, classes: 1 };
      const loss = lossOf({ id: "mae", params: {}, ulps: 0 });
      const losses = new Float64Array(rows);
      loss.unreduced(columns, losses);
      const fold = kernels.fold(loss);
      fold.add(columns, 0);
      expect(fold.blocks.careful).toBe(0);
      expect(bytesOf(fold)).toEqual(RunningLoss.toBytes(expected(columns, losses)));
      fold.free();
    },
  );

  it.each([
    { id: "mae", params: {}, prediction: 1 - 2 ** -53 },
    { id: "smooth_l1", params: { beta: 0.7 }, prediction: 1.35 - 2 ** -52 },
  ] as const)("is not two at a time where two lie just below a power of two: $id", (hard) => {
    // Both losses are cut to 1, and 2 less one of them has a bit too many.
    const columns = {
      prediction: new Float64Array(4096).fill(hard.prediction),
      target: new Float64Array(4096),
      rows: 4096,
      classes: 1,
    };
    const loss = lossOf({ ...hard, ulps: 0 });
    const losses = new Float64Array(4096);
    loss.unreduced(columns, losses);
    expect(losses[0]).toBe(1 - 2 ** -53);
    const fold = kernels.fold(loss);
    fold.add(columns, 0);
    expect(bytesOf(fold)).toEqual(RunningLoss.toBytes(expected(columns, losses)));
    fold.free();
  });

  it.each(["mse", "mae", "huber", "smooth_l1", "focal"] as const)(
    "is not two at a time where one of two is 0 and the other small: %s",
    (id) => {
      const loss = lossOf({ id, params: {}, ulps: 0 });
      for (const type of [Float32Array, Float64Array]) {
        // Every second pair of lanes hits its target; the others range over more than a window holds.
        const hit = id === "focal" ? 1 : 0;
        const prediction = Float64Array.from({ length: 4096 }, (_, i) =>
          i < 4 || i % 4 >= 2 ? hit : Math.abs(hit - (1 + (i % 11) / 11) / 2 ** (2 + ((7 * i) % 60))),
        );
        const columns = {
          prediction: new type(prediction),
          target: new type(4096).fill(hit),
          rows: 4096,
          classes: 1,
        };
        const losses = new Float64Array(4096);
        kernels.unreduced(loss, columns, losses);
        const fold = kernels.fold(loss);
        fold.add(columns, 0);
        expect(bytesOf(fold)).toEqual(RunningLoss.toBytes(expected(columns, losses)));
        fold.free();
      }
    },
  );

  // Just below 8, 512 in a lane: 53 bits hold their sum and the unit of numbers of 2^-18, but no finer one.
  it.each([-17, -18, -19, -20, -30, -126, -149])(
    "is not the plain one for a number of 2^%i in its midst",
    (e) => {
      const mae = lossOf({ id: "mae", params: {}, ulps: 0 });
      for (const column of ["prediction", "target"] as const) {
        for (const row of [0, 1, 2, 3, 4, 5, 6, 7, 1013, 1500]) {
          const columns = {
            prediction: new Float32Array(2048).fill(column === "prediction" ? 7.9999995 : 0),
            target: new Float32Array(2048).fill(column === "target" ? 7.9999995 : 0),
            rows: 2048,
            classes: 1,
          };
          const other = column === "prediction" ? columns.target : columns.prediction;
          other[row] = e < -126 ? 2 ** e : 2 ** e * (1 + 2 ** -23);
          const losses = new Float64Array(2048);
          mae.unreduced(columns, losses);
          const fold = kernels.fold(mae);
          fold.add(columns, 0);
          expect(bytesOf(fold)).toEqual(RunningLoss.toBytes(expected(columns, losses)));
          fold.free();
        }
      }
    },
  );

  it("is core's where numbers come near the ends of float64", () => {
    const far = Float64Array.from({ length: 1024 }, (_, i) => (i === 600 ? 1.2e154 : i));
    const columns = { prediction: far, target: new Float64Array(1024), rows: 1024, classes: 1 };
    const fold = kernels.fold(mse);
    fold.add(columns, 0);
    expect(fold.blocks.core).toBe(1);
    const losses = new Float64Array(1024);
    mse.unreduced(columns, losses);
    expect(bytesOf(fold)).toEqual(RunningLoss.toBytes(expected(columns, losses)));
    fold.free();
  });
});

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
