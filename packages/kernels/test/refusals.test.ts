import { lossFromSpec, type LossId } from "@lossflow/core";
import { describe, expect, it } from "vitest";
import { createKernels, TABLE_BYTES, WORKSPACE_BYTES } from "../src/index.ts";

const kernels = createKernels();
const lossOf = (loss: LossId, params: Record<string, unknown> = {}) => lossFromSpec({ loss, params });

describe("refused values", () => {
  const fine = (): Float32Array => new Float32Array(2000).fill(0.5);
  const spoilt = (x: number): Float32Array => fine().fill(x, 1234, 1235);

  it.each([
    { loss: "bce", prediction: spoilt(1.0000001), target: fine() },
    { loss: "bce", prediction: fine(), target: spoilt(-1e-30) },
    { loss: "bce_logits", prediction: fine(), target: spoilt(2) },
    { loss: "focal", prediction: spoilt(-0.1), target: fine() },
    { loss: "focal_logits", prediction: fine(), target: spoilt(Infinity) },
  ] as const)("$loss names the row", ({ loss, prediction, target }) => {
    const columns = { prediction, target, rows: 2000, classes: 1 };
    const refusal = expect.objectContaining({ code: "LF_PROBABILITY_OUT_OF_RANGE", row: 1234 });
    expect(() => kernels.unreduced(lossOf(loss), columns, new Float64Array(2000))).toThrow(refusal);
    const fold = kernels.fold(lossOf(loss));
    expect(() => fold.add(columns, 7)).toThrow(refusal);
    fold.free();
  });

  it.each([-1, 3, 0.5, Infinity, 2 ** 40])("label %d of 3 classes", (label) => {
    const target = new Float64Array(2000).fill(label, 700, 701);
    const columns = { prediction: new Float32Array(6000), target, rows: 2000, classes: 3 };
    const refusal = expect.objectContaining({ code: "LF_LABEL_OUT_OF_RANGE", row: 700 });
    for (const loss of [
      lossOf("scce_logits"),
      lossOf("focal_softmax"),
      lossOf("scce"),
      lossOf("scce_logits", { label_smoothing: 0.1 }),
      lossOf("scce", { label_smoothing: 0.1 }),
    ]) {
      expect(() => kernels.unreduced(loss, columns, new Float64Array(2000))).toThrow(refusal);
    }
  });
});

describe("rows", () => {
  const rows = (x: number): Float32Array => new Float32Array(6000).fill(0.25).fill(x, 4321, 4322);

  it.each([
    { loss: "scce", prediction: rows(1.5), target: new Uint8Array(2000) },
    { loss: "cce", prediction: rows(-0.5), target: rows(0.25) },
    { loss: "cce", prediction: rows(0.25), target: rows(2) },
    { loss: "cce_logits", prediction: rows(30), target: rows(-1) },
  ] as const)("of $loss name row and column", ({ loss, prediction, target }) => {
    const columns = { prediction, target, rows: 2000, classes: 3 };
    expect(() => kernels.unreduced(lossOf(loss), columns, new Float64Array(2000))).toThrow(
      expect.objectContaining({ code: "LF_PROBABILITY_OUT_OF_RANGE", row: 1440, column: 1 }),
    );
  });

  it("take predictions that are floats alone", () => {
    const columns = { prediction: new Int32Array(6), target: new Uint8Array(2), rows: 2, classes: 3 };
    expect(() => kernels.unreduced(lossOf("scce_logits"), columns, new Float64Array(2))).toThrow(
      expect.objectContaining({ code: "LF_KERNEL_COLUMN" }),
    );
  });
});

describe("what there is no kernel for", () => {
  it.each([
    { id: "log_cosh", params: {} },
    { id: "balanced_bce", params: {} },
    { id: "bce_logits", params: { pos_weight: [1, 2] } },
    { id: "focal", params: { gamma: 2.2 } },
    { id: "focal", params: { label_smoothing: 0.1 } },
    { id: "focal_logits", params: { label_smoothing: 0.1 } },
    { id: "scce_logits", params: { label_smoothing: 0.1, class_weight: [1, 0] } },
  ] as const)("$id $params", ({ id, params }) => {
    const loss = lossOf(id, params);
    expect(kernels.supports(loss)).toBe(false);
    expect(() => kernels.fold(loss)).toThrow(expect.objectContaining({ code: "LF_NO_KERNEL" }));
  });

  it("plain arrays", () => {
    const loss = lossOf("mse");
    const columns = { prediction: [1, 2], target: new Float64Array(2), rows: 2, classes: 1 };
    expect(kernels.supports(loss, columns)).toBe(false);
    const refusal = expect.objectContaining({ code: "LF_KERNEL_COLUMN" });
    expect(() => kernels.unreduced(loss, columns, new Float64Array(2))).toThrow(refusal);
  });

  it("columns that are too short", () => {
    const columns = { prediction: new Float32Array(2), target: new Float32Array(2), rows: 3, classes: 1 };
    const refusal = expect.objectContaining({ code: "LF_LENGTH_MISMATCH" });
    expect(() => kernels.unreduced(lossOf("mse"), columns, new Float64Array(3))).toThrow(refusal);
  });
});

describe("targets of any number type", () => {
  it.each([
    Int8Array,
    Uint8Array,
    Int16Array,
    Uint16Array,
    Int32Array,
    Uint32Array,
    Float32Array,
    Float64Array,
  ])("%o", (type) => {
    const rows = 1003;
    const prediction = Float32Array.from({ length: rows }, (_, i) => Math.sin(i));
    const target = new type(rows).map((_, i) => (i * 7) % 2);
    for (const id of ["mse", "bce_logits"] as const) {
      const mine = new Float64Array(rows);
      const same = new Float64Array(rows);
      kernels.unreduced(lossOf(id), { prediction, target, rows, classes: 1 }, mine);
      kernels.unreduced(
        lossOf(id),
        { prediction, target: Float64Array.from(target), rows, classes: 1 },
        same,
      );
      expect(mine).toEqual(same);
    }
  });
});

describe("what is of no kind that kernels take", () => {
  const loss = lossOf("mse");
  const columns = { prediction: Float32Array.of(1, 2), target: Float32Array.of(0, 0), rows: 2, classes: 1 };
  const wrong = [undefined, null, "5", -1, 1.5, Number.NaN, 5n, Symbol("row"), {}, [3]] as never[];
  const coded = expect.objectContaining({ code: expect.stringMatching(/^LF_/) });

  it("a first row is a number: a text was put in front of the row", () => {
    const fold = kernels.fold(loss);
    for (const row of wrong) expect(() => fold.add(columns, row)).toThrow(coded);
    fold.free();
  });

  it("counts, columns, losses, memories and places to write into", () => {
    const out = new Float64Array(2);
    const memory = new WebAssembly.Memory({ initial: 32 });
    for (const given of wrong) {
      for (const name of ["rows", "classes", "prediction", "target"])
        expect(() => kernels.unreduced(loss, { ...columns, [name]: given }, out)).toThrow(coded);
      expect(() => kernels.unreduced(loss, given, out)).toThrow(coded);
      expect(() => kernels.unreduced(loss, columns, given)).toThrow(coded);
      expect(() => kernels.gradient(given, columns, out)).toThrow(coded);
      expect(() => kernels.gradient(lossOf("scce_logits"), given, out)).toThrow(coded);
      expect(() => kernels.fold(given)).toThrow(/^What was given is no loss/);
      expect(kernels.supports(given)).toBe(false);
      expect(() => createKernels({ memory: given, workspace: 65_536 })).toThrow(coded);
      expect(() => createKernels({ memory, workspace: given })).toThrow(coded);
    }
    const end = memory.buffer.byteLength;
    for (const workspace of [TABLE_BYTES - 64, TABLE_BYTES + 1, end - WORKSPACE_BYTES + 64, end, Infinity])
      expect(() => createKernels({ memory, workspace })).toThrow(
        expect.objectContaining({ code: "LF_KERNEL_WORKSPACE" }),
      );
    expect(() => createKernels({ memory, workspace: end - WORKSPACE_BYTES })).not.toThrow();
    for (const given of ["5", 3, true] as never[]) {
      expect(() => kernels.fold(loss, given)).toThrow(coded);
      expect(() => createKernels(given)).toThrow(coded);
    }
    expect(() => kernels.fold(loss, null).free()).not.toThrow();
    // As without a memory, columns of any are taken.
    createKernels(null).unreduced(loss, columns, out);
    expect(out).toEqual(Float64Array.of(1, 4));
  });
});
