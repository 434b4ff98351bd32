import { RunningLoss } from "@lossflow/core";
import { describe, expect, it } from "vitest";
import { createKernels } from "../src/index.ts";
import { CASES, classesOf, lossOf, nameOf, type KernelCase } from "./kernel-cases.ts";
import { Random } from "./random.ts";

/*
 * Columns of any bits: NaN of every payload, infinities, subnormals, all exponents alike. Each kernel must come to an
 * end on them, and its sums, weighted sums and squares must be those of core over its own losses. A kernel that kept
 * on going would be stopped by the test's time limit. LOSSFLOW_ROUNDS=1000 makes a long run of it.
 */
const ROUNDS = Number(process.env["LOSSFLOW_ROUNDS"] ?? 2);
const SEED = Number(process.env["LOSSFLOW_SEED"] ?? 77);
const ROWS = 1600;
const kernels = createKernels();

describe.each(CASES.map((kernelCase) => ({ name: nameOf(kernelCase), kernelCase })))(
  "$name",
  ({ name, kernelCase }) => {
    it("ends on columns of any bits, with the sums of core", () => {
      for (let round = 0; round < ROUNDS; round++) {
        for (const type of [Float32Array, Float64Array]) {
          const random = new Random(SEED + 1000 * round);
          expect(statesOf(kernelCase, type, random), `${name} seed ${SEED} round ${round}`).toEqual([]);
        }
      }
    });
  },
);

/** What is wrong with the sums of a kernel over random bits; [] for nothing. */
function statesOf(
  kernelCase: KernelCase,
  type: typeof Float32Array | typeof Float64Array,
  random: Random,
): readonly string[] {
  const loss = lossOf(kernelCase);
  const classes = loss.unit === "row" ? classesOf(kernelCase, 5) : 1;
  const isProbability = ["bce", "focal", "balanced_bce", "scce", "cce"].includes(loss.id);
  const prediction = isProbability
    ? bitsIn(new type(ROWS * classes), 0, 1, random)
    : bitsIn(new type(ROWS * classes), -Infinity, Infinity, random);
  const target =
    loss.target === "label"
      ? Float64Array.from({ length: ROWS }, () => (random.unit() < 0.05 ? Number.NaN : random.below(classes)))
      : loss.target === "real"
        ? bitsIn(new type(ROWS), -Infinity, Infinity, random)
        : bitsIn(new type(loss.target === "distribution" ? ROWS * classes : ROWS), 0, 1, random);
  const weight = bitsIn(new Float64Array(ROWS), 0, 1.7e308, random).map((w) => (Number.isNaN(w) ? 1 : w));
  const losses = new Float64Array(ROWS);
  const columns = { prediction, target, rows: ROWS, classes };
  kernels.unreduced(loss, columns, losses);
  const wrong: string[] = [];
  for (const way of ["plain", "squares", "weights"] as const) {
    const options = { squares: way === "squares" };
    const fold = kernels.fold(loss, options);
    fold.add(way === "weights" ? { ...columns, weight } : columns, 0);
    const mine = RunningLoss.create(options);
    fold.drainInto(mine);
    fold.free();
    const theirs = RunningLoss.create(options);
    RunningLoss.addArray(
      theirs,
      losses,
      way === "weights" ? { firstRow: 0, weights: weight } : { firstRow: 0 },
    );
    if (!sameBytes(RunningLoss.toBytes(mine), RunningLoss.toBytes(theirs))) wrong.push(way);
  }
  return wrong;
}

/** Fills a column with random bits, most of them near one exponent, those outside [low, high] replaced by 0 or NaN. */
function bitsIn<T extends Float32Array | Float64Array>(
  column: T,
  low: number,
  high: number,
  random: Random,
): T {
  const bytes = new Uint8Array(column.buffer);
  for (let i = 0; i < bytes.length; i++) bytes[i] = random.below(256);
  const centre = random.below(16) - 8;
  for (let i = 0; i < column.length; i++) {
    // Whole blocks of one magnitude among those of any.
    if ((i >> 9) % 2 === 1) column[i] = (random.unit() - 0.5) * 2 ** centre;
    const x = column[i]!;
    if (x < low || x > high) column[i] = random.unit() < 0.01 ? Number.NaN : Math.min(high, Math.abs(x) % 1);
  }
  return column;
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
