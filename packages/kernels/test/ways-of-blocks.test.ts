import { RunningLoss } from "@lossflow/core";
import { describe, expect, it } from "vitest";
import { bytesOf, expected, kernels } from "./folded.ts";
import { columnsFor, lossOf, type Spread } from "./kernel-cases.ts";

const mse = lossOf({ id: "mse", params: {}, ulps: 0 });

/** Expects core's sum of losses that are read from columns of two types, and so stand in the workspace. */
function expectExact(losses: Float64Array): void {
  const { length: rows } = losses;
  const columns = { prediction: losses, target: new Float32Array(rows), rows, classes: 1 };
  const fold = kernels.fold(lossOf({ id: "mae", params: {}, ulps: 0 }));
  fold.add(columns, 0);
  expect(bytesOf(fold)).toEqual(RunningLoss.toBytes(expected(columns, losses)));
  fold.free();
}

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
      // Losses pass the end of their window in the middle of a block, or fall far below it.
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
  ] as const)("never shows where two lie just below a power of two: $id", (hard) => {
    // Both losses are cut to 1, and 2 less one of them, without a constant that is taken off, has a bit too many.
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
    "never shows where one of two is 0 and the other small: %s",
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

  // After losses from 1 to 2 the window begins at 2^9: numbers from 2^-42 up to 2^8 fit it, others do not.
  it.each([-44, -43, -42, -41, 6, 7, 8, 9])(
    "never shows where the largest or the smallest are about 2^%i",
    (e) => {
      for (const id of ["mae", "huber", "smooth_l1"] as const) {
        const loss = lossOf({
          id,
          params: id === "mae" ? {} : { [id === "huber" ? "delta" : "beta"]: 1 },
          ulps: 0,
        });
        for (const [row, many] of [0, 1, 2, 3, 4, 5, 6, 7].flatMap((r) => [
          [r, 1] as const,
          [r, 900] as const,
        ])) {
          const rows = 4096;
          // Losses of distance from 0, so that those of huber and smooth L1 are what is wanted too.
          const wanted = Float64Array.from(
            { length: rows },
            (_, i) => 1 + ((i * 7919) % 4093) / 4096 + 2 ** -52 * (i % 3),
          );
          for (let i = row; i < many; i++) wanted[2048 + i] = 2 ** e * (1 + ((i * 31) % 97) / 97);
          const prediction = wanted.map((x) => (id === "mae" ? x : x < 0.5 ? Math.sqrt(2 * x) : x + 0.5));
          const columns = { prediction, target: new Float64Array(rows), rows, classes: 1 };
          const losses = new Float64Array(rows);
          loss.unreduced(columns, losses);
          const fold = kernels.fold(loss);
          fold.add(columns, 0);
          expect(bytesOf(fold)).toEqual(RunningLoss.toBytes(expected(columns, losses)));
          fold.free();
        }
      }
    },
  );

  // After losses from 1 to 2 the window begins at 2^9, and the deep way takes numbers from 2^-81 on. What two cuts leave of
  // these is 2^-89 each, in one direction: 53 bits hold their sum and a unit of 2^-133, but no finer one.
  it.each([-80, -81, -82, -83, -90])("never shows in the deep way where the smallest is about 2^%i", (e) => {
    for (const row of [0, 1, 2, 3, 4, 5, 6, 7]) {
      const prediction = new Float64Array(1024).fill(1.25);
      prediction.fill(2 ** -81 + 2 ** -89, 513);
      prediction[512 + row] = 2 ** e * (1 + 2 ** -52);
      prediction[1023] = 1;
      expectExact(prediction);
    }
  });

  // The highest window begins at 2^960: 64 of these in a lane end beyond 2^961.
  it.each([954, 955, 956, 957, 958])("never shows in the deep way where sums pass its window: 2^%i", (e) => {
    const prediction = new Float64Array(1536).fill(2 ** e * 1.25);
    for (let i = 0; i < 1536; i++) prediction[i]! += 2 ** (e - 52) * (i % 7);
    prediction[700] = 2 ** 888 * 1.25;
    prediction[1500] = 2 ** 900;
    expectExact(prediction);
  });

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
