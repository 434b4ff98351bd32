import { RunningLoss } from "@lossflow/core";
import { describe, expect, it } from "vitest";
import { createScalarKernels } from "../../src/scalar.ts";
import { createKernels, isSimdSupported, TABLE_BYTES, WORKSPACE_BYTES } from "../../src/index.ts";
import { digestOfLosses } from "../digest-of-losses.ts";
import { DIGESTS } from "../digests.ts";
import { CASES, columnsFor, lossOf, nameOf } from "../kernel-cases.ts";

const kernels = createKernels();
const scalar = createScalarKernels();

describe("in a browser", () => {
  it("there is SIMD", () => {
    expect(isSimdSupported()).toBe(true);
  });

  it.each(CASES.map((kernelCase) => ({ name: nameOf(kernelCase), kernelCase })))(
    "$name has the bits of Node",
    ({ name, kernelCase }) => {
      expect(digestOfLosses(kernels, kernelCase)).toBe(DIGESTS[name]);
      expect(digestOfLosses(scalar, kernelCase)).toBe(DIGESTS[name]);
    },
  );

  it("sums are exact", () => {
    expect(sumOf(createKernels())).toEqual(expected());
    expect(sumOf(scalar)).toEqual(expected());
  });

  it.skipIf(!crossOriginIsolated)("sums are exact in shared memory", () => {
    const memory = new WebAssembly.Memory({ initial: 5, maximum: 5, shared: true });
    const fold = createKernels({ memory, workspace: TABLE_BYTES }).fold(mse);
    const at = TABLE_BYTES + WORKSPACE_BYTES;
    const prediction = new Float32Array(memory.buffer, at, ROWS);
    const target = new Float32Array(memory.buffer, at + 4 * ROWS, ROWS);
    prediction.set(columns.prediction);
    target.set(columns.target);
    fold.add({ prediction, target, rows: ROWS, classes: 1 }, 0);
    const running = RunningLoss.create({ squares: false });
    fold.drainInto(running);
    expect(RunningLoss.toBytes(running)).toEqual(expected());
  });
});

const ROWS = 5000;
const mse = lossOf({ id: "mse", params: {}, ulps: 0 });
const columns = columnsFor(mse, Float32Array, "wide", ROWS, 1, 21);

function expected(): Uint8Array {
  const losses = new Float64Array(ROWS);
  mse.unreduced(columns, losses);
  const running = RunningLoss.create({ squares: false });
  RunningLoss.addArray(running, losses, { firstRow: 0 });
  return RunningLoss.toBytes(running);
}

function sumOf(kernels: ReturnType<typeof createKernels>): Uint8Array {
  const fold = kernels.fold(mse);
  fold.add(columns, 0);
  const running = RunningLoss.create({ squares: false });
  fold.drainInto(running);
  return RunningLoss.toBytes(running);
}
