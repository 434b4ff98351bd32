import { RunningLoss } from "@lossflow/core";
import { describe, expect, it } from "vitest";
import { createKernels, type Column } from "../src/index.ts";
import { createScalarKernels } from "../src/scalar.ts";
import { lossOf } from "./kernel-cases.ts";
import { Random } from "./random.ts";

const MODULES = [
  { way: "with vectors", kernels: createKernels() },
  { way: "without", kernels: createScalarKernels() },
];
const OPTIONS = { squares: false } as const;
/** The loss is the prediction's size, so that any losses can be had. */
const mae = lossOf({ id: "mae", params: {}, ulps: 0 });

describe.each(MODULES)("weighed sums $way", ({ kernels }) => {
  /** Holds the fold of losses and weights to core's, and gives the ways that the blocks went. */
  function waysOf(losses: Float64Array, weight: Column): object {
    const rows = losses.length;
    const running = RunningLoss.create(OPTIONS);
    RunningLoss.addArray(running, losses.map(Math.abs), { weights: weight, firstRow: 0 });
    const fold = kernels.fold(mae);
    try {
      fold.add({ prediction: losses, target: new Float64Array(rows), rows, classes: 1, weight }, 0);
      const { blocks } = fold;
      const mine = RunningLoss.create(OPTIONS);
      fold.drainInto(mine);
      expect(RunningLoss.toBytes(mine)).toEqual(RunningLoss.toBytes(running));
      return blocks;
    } finally {
      fold.free();
    }
  }

  const normal = (random: Random, rows: number): Float64Array =>
    Float64Array.from({ length: rows }, () => random.normal());
  const QUICK = { quick: 8, careful: 0, core: 0 };

  it.each([
    ["counts of a byte", (random: Random) => Uint8Array.from({ length: 4096 }, () => 1 + random.below(255))],
    ["counts", (random: Random) => Int32Array.from({ length: 4096 }, () => 1 + random.below(100_000))],
    ["float32", (random: Random) => Float32Array.from({ length: 4096 }, () => 0.01 + random.unit())],
    ["float64", (random: Random) => Float64Array.from({ length: 4096 }, () => 0.01 + random.unit())],
    [
      "class weights",
      (random: Random) => Float64Array.from({ length: 4096 }, () => random.pick([0.3, 1, 2.7])),
    ],
    ["ones", () => new Float32Array(4096).fill(1)],
  ] as const)("go a quick way for data as models give them: %s", (_, weightsOf) => {
    const random = new Random(71);
    expect(waysOf(normal(random, 4096), weightsOf(random))).toEqual(QUICK);
  });

  it.each([60, 75])("go a quick way where losses range over 2^%i, as those of sure models do", (range) => {
    const random = new Random(77);
    const losses = Float64Array.from({ length: 4096 }, () => 2 ** (-range * random.unit()));
    const weight = Float32Array.from({ length: 4096 }, () => 0.1 + random.unit());
    expect(waysOf(losses, weight)).toEqual(QUICK);
    expect(
      waysOf(
        losses,
        Float64Array.from(weight, (w) => w / 3),
      ),
    ).toEqual(QUICK);
  });

  it("go the quick way beside losses of 0, once there was one", () => {
    const random = new Random(72);
    const losses = normal(random, 4096).map((x) => (random.unit() < 0.2 ? 0 : x));
    const weight = Float32Array.from({ length: 4096 }, () => 0.1 + random.unit());
    expect(waysOf(losses, weight)).toEqual({ quick: 7, careful: 1, core: 0 });
    expect(waysOf(new Float64Array(4096), weight)).toEqual({ quick: 7, careful: 1, core: 0 });
  });

  it.each([true, false])(
    "are exact however far losses and weights range; weights of 24 bits: %s",
    (isShort) => {
      const random = new Random(73);
      const round = isShort ? Math.fround : (x: number): number => x;
      for (let range = 0; range <= 110; range += 2) {
        // From one side alone, and from both.
        for (const share of [0, 0.5, 1]) {
          const of = (bits: number, top: number) => () =>
            2 ** (top - Math.floor(bits * random.unit())) * (1 + random.unit());
          const losses = Float64Array.from({ length: 1024 }, of(range * share, random.below(40) - 20));
          const weight = Float64Array.from(
            { length: 1024 },
            of(range * (1 - share), random.below(40) - 20),
          ).map(round);
          waysOf(losses, weight);
        }
      }
    },
  );

  it.each([true, false])("are exact where all rests go one way; weights of 24 bits: %s", (isShort) => {
    const random = new Random(74);
    const round = isShort ? Math.fround : (x: number): number => x;
    for (let range = 20; range <= 96; range++) {
      // Beyond 2^37 it is the rests of the second window: of those that lie so far below the highest.
      const height = range > 50 ? 2 ** 40 : 1;
      for (let k = 0; k < 3; k++) {
        const losses = new Float64Array(512).fill((1 + random.unit()) / height);
        losses[0] = 1.5;
        const weight = new Float64Array(512).fill(round(1 + random.unit()));
        const odd = 1 + random.below(510);
        losses[odd] = 2 ** -range * (1 + random.unit());
        waysOf(losses, weight);
        losses[odd] = losses[odd + 1]!;
        weight[odd] = round(2 ** -range * (1 + random.unit()));
        waysOf(losses, weight);
      }
    }
  });

  it.each([
    ["NaN", Number.NaN, 0.5],
    ["NaN by a small weight", Number.NaN, 2 ** -390],
    ["an infinite loss", -Infinity, 0.5],
    ["a product that vanishes", 2 ** -700, 2 ** -399],
    ["a product that vanishes by its weight", 2 ** -490, 2 ** -600],
    ["a loss near the smallest", 5e-324, 0.5],
    ["a product near the largest", 1e200, 1e90],
    ["a product beyond the largest", 1e200, 1e110],
    ["a weight beyond the windows", 0.5, 2 ** 450],
    ["the smallest weight", 0.5, 5e-324],
    ["a weight below 0", 0.5, -1],
  ])("leave %s to others, in any place or all of them", (_, loss, w) => {
    const random = new Random(75);
    for (const end of [0, 512]) {
      for (const at of [0, 1, 2, 3, 510, 511]) {
        const losses = normal(random, 1024);
        const weight = Float64Array.from({ length: 1024 }, () => 0.1 + random.unit());
        // Of losses of 0 on, zeros are passed over.
        losses[7] = 0;
        losses.fill(loss, 512 + at, end === 0 ? 513 + at : 1024);
        weight.fill(w, 512 + at, end === 0 ? 513 + at : 1024);
        expect(waysOf(losses, weight)).toMatchObject({ quick: 0 });
      }
    }
  });

  it("are exact where weights range far beside losses of 0 alone", () => {
    const random = new Random(76);
    for (const range of [20, 21, 22, 30, 36, 37, 38, 60]) {
      const weight = Float64Array.from({ length: 1024 }, () => 1 + random.unit());
      weight[900] = 2 ** -range * (1 + random.unit());
      waysOf(new Float64Array(1024), weight);
      waysOf(new Float64Array(1024), weight.map(Math.fround));
    }
  });

  it.each([Number.NaN, Infinity])("refuse a weight of %d", (w) => {
    for (const loss of [1, 0]) {
      const weight = new Float64Array(1024).fill(0.5).fill(w, 700, 701);
      expect(() => waysOf(new Float64Array(1024).fill(loss), weight)).toThrow(
        expect.objectContaining({ code: "LF_WEIGHT_OUT_OF_RANGE" }),
      );
      // Whoever knows that first.
      const fold = kernels.fold(mae);
      const columns = {
        prediction: new Float64Array(1024).fill(loss),
        target: new Float64Array(1024),
        rows: 1024,
      };
      expect(() => fold.add({ ...columns, classes: 1, weight }, 0)).toThrow(
        expect.objectContaining({ code: "LF_WEIGHT_OUT_OF_RANGE" }),
      );
      fold.free();
    }
  });

  it("have the extremes of the losses, not of the products, with their first rows", () => {
    const losses = new Float64Array(2048).fill(2);
    losses[700] = losses[1900] = 9;
    losses[600] = losses[1500] = 1;
    const weight = Float32Array.from({ length: 2048 }, (_, i) => 1 + (i % 5));
    const fold = kernels.fold(mae);
    fold.add({ prediction: losses, target: new Float64Array(2048), rows: 2048, classes: 1, weight }, 10);
    const running = RunningLoss.create(OPTIONS);
    fold.drainInto(running);
    fold.free();
    expect(RunningLoss.value(running)).toMatchObject({ min: 1, minRow: 610, max: 9, maxRow: 710 });
  });
});
