import { Float32, Int32, makeData, RecordBatch, Schema, Field, Struct } from "apache-arrow";
import { expect, test } from "vitest";
import { columnsFromRecordBatch } from "../../src/arrow/columns-from-record-batch.ts";
import { kernelsOfEngine } from "../../src/fold/engine.ts";
import { foldSegment } from "../../src/fold/fold-segment.ts";
import { createFold } from "../../src/fold/fold-state.ts";
import { compilePlan } from "../../src/fold/plan.ts";
import { ByteReader } from "../../src/fold/byte-reader.ts";
import { ByteWriter } from "../../src/fold/byte-writer.ts";
import { SketchTable } from "../../src/fold/sketch-table.ts";
import { Arena } from "../../src/source/arena.ts";
import { fileSource } from "../../src/source/file-source.ts";
import { ipcFromBatches } from "../rows.ts";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

function batchOf(rows: number): RecordBatch {
  const scores = (k: number): Float32Array =>
    Float32Array.from({ length: rows }, (_, i) => ((i * k) % 97) / 9);
  const ids = (most: number): Int32Array => Int32Array.from({ length: rows }, (_, i) => i % most);
  const columns = { a: scores(31), b: scores(57), c: scores(11), label: ids(3), group: ids(50) };
  const fields = Object.entries(columns).map(
    ([name, values]) => new Field(name, values instanceof Int32Array ? new Int32() : new Float32(), false),
  );
  const children = Object.values(columns).map((data) =>
    data instanceof Int32Array
      ? makeData({ type: new Int32(), data })
      : makeData({ type: new Float32(), data }),
  );
  const data = makeData({ type: new Struct(fields), length: rows, children });
  return new RecordBatch(new Schema(fields), data as never);
}

test("a segment is worked in the memory of the one before it: what a long job leaves behind does not gather", () => {
  const kernels = kernelsOfEngine("wasm-simd");
  const plan = compilePlan(
    {
      engine: "wasm-simd",
      losses: [{ loss: "scce_logits" }],
      nan: "count",
      columns: ["a", "b", "c", "label", "group"],
      target: [3],
      prediction: [0, 1, 2],
      weight: null,
      variance: null,
      by: [4],
      window: { kind: "rows", width: 20_000 },
      top: 5,
      show: [0],
      quantiles: true,
      roles: [],
      classes: null,
    },
    kernels,
  );
  const fold = createFold(plan);
  const rows = 2 ** 15;
  const columns = columnsFromRecordBatch(batchOf(rows), [0, 1, 2, 3, 4]);
  const held: number[] = [];
  for (let i = 0; i < 50; i++) {
    foldSegment(plan, fold, columns, rows, { source: "rows", firstRow: i * rows });
    held.push(process.memoryUsage().arrayBuffers);
  }
  // Arrays of their own would be 1.3 MB a segment, of which V8 lets 64 MB gather.
  expect(Math.max(...held) - held[2]!).toBeLessThan(2 ** 23);
});

test("sketches of tasks are written and merged in memory that is used again", () => {
  const cells = Int32Array.from({ length: 2 ** 16 }, (_, i) => (i * 7919) % 2000);
  const losses = new Float64Array(cells.length);
  const part = new SketchTable();
  const whole = new SketchTable();
  let room = new ArrayBuffer(2 ** 20);
  const held: number[] = [];
  let count = 0;
  for (let task = 0; task < 60; task++) {
    for (let i = 0; i < losses.length; i++)
      losses[i] = 1 / (1 + ((task * 31 + i * 57 + cells[i]!) % 9973)) ** 2;
    part.addArray(cells, losses, losses.length);
    const out = new ByteWriter(room);
    part.write(out, null);
    const bytes = out.done();
    part.clear();
    room = bytes.buffer;
    const read = new SketchTable();
    read.read(new ByteReader(bytes), 2000);
    whole.merge(read, null);
    count += cells.filter((cell) => cell === 7).length;
    held.push(process.memoryUsage().arrayBuffers);
  }
  expect(
    whole
      .reader()([7])
      .counts.reduce((sum, one) => sum + one),
  ).toBe(count);
  // New arrays for each would be 0.5 MB a task, and as much again as all that was merged each time that it is.
  expect(Math.max(...held) - held[2]!).toBeLessThan(2 ** 24);
});

test("a long batch of a file is cut finer where more is kept of its rows than totals", async () => {
  const folder = mkdtempSync(join(tmpdir(), "lossflow-memory-"));
  try {
    const path = join(folder, "long.arrow");
    const rows = 300_000;
    writeFileSync(path, ipcFromBatches([batchOf(rows)], "file"));
    const rowsOf = async (short: boolean): Promise<number[]> => {
      const table = await fileSource(path).open();
      const found: number[] = [];
      for await (const { rows: here, release } of table.segments(["a", "b"], new Arena(2), short)) {
        found.push(here);
        release();
      }
      await table.close();
      return found;
    };
    expect(await rowsOf(false)).toEqual([rows]);
    const short = await rowsOf(true);
    expect(Math.max(...short)).toBeLessThanOrEqual(2 ** 16);
    expect(short.reduce((sum, here) => sum + here)).toBe(rows);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
