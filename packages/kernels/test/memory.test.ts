import { RunningLoss } from "@lossflow/core";
import { describe, expect, it } from "vitest";
import { createKernels, TABLE_BYTES, WORKSPACE_BYTES } from "../src/index.ts";
import { KernelMemory } from "../src/kernel-memory.ts";
import { columnsFor, lossOf } from "./kernel-cases.ts";

const bce = lossOf({ id: "bce_logits", params: {}, ulps: 4 });
const ROWS = 1300;
const columns = columnsFor(bce, Float32Array, "wide", ROWS, 1, 10);
const own = new Float64Array(ROWS);
createKernels().unreduced(bce, columns, own);

describe("memory of the host's", () => {
  it.each([false, true])("gives the same bits, shared: %s, at any alignment", (shared) => {
    const memory = new WebAssembly.Memory({ initial: 8, maximum: 8, shared });
    const kernels = createKernels({ memory, workspace: TABLE_BYTES });
    const at = TABLE_BYTES + WORKSPACE_BYTES;
    for (const shift of [0, 4, 8, 12, 60]) {
      const prediction = new Float32Array(memory.buffer, at + shift, ROWS);
      const target = new Float32Array(memory.buffer, at + 8192 + shift, ROWS);
      const out = new Float64Array(memory.buffer, at + 16_384 + (shift & ~7), ROWS);
      prediction.set(columns.prediction);
      target.set(columns.target);
      kernels.unreduced(bce, { prediction, target, rows: ROWS, classes: 1 }, out);
      expect(Float64Array.from(out)).toEqual(own);
    }
  });

  it("is shared by instances that do not touch each other's folds", () => {
    const memory = new WebAssembly.Memory({ initial: 10, maximum: 10, shared: true });
    const at = TABLE_BYTES + 2 * WORKSPACE_BYTES;
    const prediction = new Float32Array(memory.buffer, at, ROWS);
    const target = new Float32Array(memory.buffer, at + 8192, ROWS);
    prediction.set(columns.prediction);
    target.set(columns.target);
    const folds = [0, 1].map((i) =>
      createKernels({ memory, workspace: TABLE_BYTES + i * WORKSPACE_BYTES }).fold(bce),
    );
    for (let first = 0; first < ROWS; first += 100) {
      const piece = {
        prediction: prediction.subarray(first, first + 100),
        target: target.subarray(first, first + 100),
        rows: 100,
        classes: 1,
      };
      folds[(first / 100) % 2]!.add(piece, first);
    }
    const [running, whole] = [0, 1].map(() => RunningLoss.create({ squares: false }));
    for (const fold of folds) fold.drainInto(running!);
    RunningLoss.addArray(whole!, own, { firstRow: 0 });
    expect(RunningLoss.toBytes(running!)).toEqual(RunningLoss.toBytes(whole!));
  });

  it.each([
    ["mse", Float32Array],
    ["mae", Float32Array],
    ["huber", Float32Array],
    ["mse", Float64Array],
    ["mae", Float64Array],
  ] as const)("is read to its end and no further: %s of %o", (id, Type) => {
    const memory = new WebAssembly.Memory({ initial: 5 });
    const kernels = createKernels({ memory, workspace: TABLE_BYTES });
    const loss = lossOf({ id, params: {}, ulps: 0 });
    for (const rows of [1024, 1536, 1600]) {
      const end = memory.buffer.byteLength - rows * Type.BYTES_PER_ELEMENT;
      const prediction = new Type(memory.buffer, end, rows);
      const target = new Type(memory.buffer, end - rows * Type.BYTES_PER_ELEMENT, rows);
      for (let i = 0; i < rows; i++) {
        prediction[i] = Math.sin(i);
        target[i] = Math.cos(3 * i);
      }
      const losses = new Float64Array(rows);
      const given = { prediction, target, rows, classes: 1 };
      loss.unreduced(given, losses);
      const [running, whole] = [0, 1].map(() => RunningLoss.create({ squares: false }));
      const fold = kernels.fold(loss);
      fold.add(given, 0);
      fold.drainInto(running!);
      fold.free();
      RunningLoss.addArray(whole!, losses, { firstRow: 0 });
      expect(RunningLoss.toBytes(running!)).toEqual(RunningLoss.toBytes(whole!));
    }
  });

  it("is not copied into", () => {
    const kernels = createKernels({ memory: new WebAssembly.Memory({ initial: 8 }), workspace: TABLE_BYTES });
    expect(() => kernels.unreduced(bce, columns, own.slice())).toThrow(
      expect.objectContaining({ code: "LF_KERNEL_COPY" }),
    );
  });

  it.each([0, TABLE_BYTES + 8, 3 * TABLE_BYTES, Number.NaN])("is refused a workspace at %d", (workspace) => {
    const given = { memory: new WebAssembly.Memory({ initial: 4 }), workspace };
    expect(() => createKernels(given)).toThrow(expect.objectContaining({ code: "LF_KERNEL_WORKSPACE" }));
  });
});

describe("memory of its own", () => {
  it("keeps as many folds as there is room for, and takes freed ones back", () => {
    const kernels = createKernels();
    const folds = Array.from({ length: 64 }, () => kernels.fold(bce));
    expect(() => kernels.fold(bce)).toThrow(expect.objectContaining({ code: "LF_KERNEL_STATES" }));
    folds[5]!.free();
    kernels.fold(bce);
  });

  // Copies went over such columns, and losses over the tables where growing had detached what they were to be written to.
  it.each([[["prediction", "target"]], [["prediction"]], [["target", "out"]], [["out"]]])(
    "is copied into only where nothing of a call stands in it: %s",
    (inside) => {
      const kernels = createKernels();
      const at = kernels.memory.buffer.byteLength;
      kernels.memory.grow(2);
      const column = (name: string, place: number): Float64Array =>
        inside.includes(name)
          ? new Float64Array(kernels.memory.buffer, at + place * 8 * ROWS, ROWS).fill(place)
          : new Float64Array(ROWS).fill(place);
      const prediction = column("prediction", 0);
      const given = { prediction, target: column("target", 1), rows: ROWS, classes: 1 };
      const refusal = expect.objectContaining({ code: "LF_KERNEL_COPY" });
      expect(() => kernels.unreduced(bce, given, column("out", 2))).toThrow(refusal);
      if (inside.includes("out")) return;
      const fold = kernels.fold(bce);
      expect(() => fold.add({ ...given, weight: new Float64Array(ROWS).fill(1) }, 0)).toThrow(refusal);
      expect(prediction.every((x) => x === 0)).toBe(true);
    },
  );

  // Copies went to the first page behind the workspace, whoever had grown it.
  it("leaves what a caller keeps in pages of its own growing as it is, whatever is copied between", () => {
    const [kernels, others] = [createKernels(), createKernels()];
    const kept: { readonly at: number; readonly bytes: Uint8Array }[] = [];
    const keep = (): void => {
      const at = kernels.memory.buffer.byteLength;
      kernels.memory.grow(1);
      const bytes = new Uint8Array(kernels.memory.buffer.byteLength - at).fill(kept.length + 1);
      new Uint8Array(kernels.memory.buffer).set(bytes, at);
      kept.push({ at, bytes });
    };
    for (const [rows, isBefore] of [
      [100, true],
      [1300, false],
      [9000, true],
      [1300, true],
      [12_000, true],
      [20_000, false],
    ] as const) {
      if (isBefore) keep();
      const given = columnsFor(bce, Float32Array, "wide", rows, 1, 10);
      const [losses, due] = [new Float64Array(rows), new Float64Array(rows)];
      kernels.unreduced(bce, given, losses);
      others.unreduced(bce, given, due);
      expect(Buffer.compare(new Uint8Array(losses.buffer), new Uint8Array(due.buffer))).toBe(0);
      const fold = kernels.fold(bce);
      fold.add(given, 0);
      fold.free();
      for (const { at, bytes } of kept)
        expect(Buffer.compare(new Uint8Array(kernels.memory.buffer, at, bytes.length), bytes)).toBe(0);
    }
    // Room that fits is used again.
    const before = kernels.memory.buffer.byteLength;
    for (let i = 0; i < 3; i++) kernels.unreduced(bce, columns, new Float64Array(ROWS));
    expect(kernels.memory.buffer.byteLength).toBe(before);
  });

  it("has tables that end before the workspace begins", () => {
    expect(new KernelMemory().wasm.tablesEnd()).toBeLessThanOrEqual(TABLE_BYTES);
  });
});
