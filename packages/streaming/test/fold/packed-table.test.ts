import { RunningLoss } from "@lossflow/core";
import { LossTable } from "@lossflow/core/running";
import { expect, test } from "vitest";
import { ByteReader } from "../../src/fold/byte-reader.ts";
import { ByteWriter } from "../../src/fold/byte-writer.ts";
import { NumberPacker } from "../../src/fold/packed-numbers.ts";
import { PackedTable, TableRoom } from "../../src/fold/packed-table.ts";
import { SEED, seededRandom } from "../seeded-random.ts";

const CELLS = 10_000;
const DAMAGED: unknown = expect.objectContaining({ code: "LF_STATE_DAMAGED" });

function tableOf(cells: number, seed: number): LossTable {
  const random = seededRandom(seed);
  const table = new LossTable();
  const count = 3 * cells;
  const at = Int32Array.from({ length: count }, () => Math.floor(cells * random()));
  const losses = Float64Array.from({ length: count }, () => (random() < 0.01 ? 1e300 : random() ** 9));
  table.addArray(at, losses, count, { firstRow: 2 ** 33 });
  table.addLeftOut(cells - 1, "missing", 2);
  return table;
}

const written = (table: LossTable, order: Int32Array): Uint8Array => {
  const out = new ByteWriter();
  PackedTable.write(table, order, out, new TableRoom());
  return out.done();
};

test("a table of more cells than are packed at once merges, in any order of its cells, as it was", () => {
  const table = tableOf(CELLS, SEED);
  const order = Int32Array.from({ length: CELLS }, (_, i) => (i * 7919) % CELLS);
  const read = PackedTable.read(new ByteReader(written(table, order)), CELLS, {}, new TableRoom());
  const at = order.map((cell) => (cell % 10 === 3 ? -1 : cell));
  const [merged, due] = [tableOf(CELLS, SEED + 1), tableOf(CELLS, SEED + 1)];
  read.mergeInto(merged, at);
  due.merge(
    table,
    Int32Array.from({ length: CELLS }, (_, cell) => (cell % 10 === 3 ? -1 : cell)),
  );
  for (let cell = 0; cell < CELLS; cell += 37)
    expect(RunningLoss.toBytes(merged.stateAt(cell))).toEqual(RunningLoss.toBytes(due.stateAt(cell)));
  for (const cell of [3, CELLS - 1]) expect(merged.valueAt(cell, "mean")).toEqual(due.valueAt(cell, "mean"));
});

test("cells that nothing was added to are written as such", () => {
  const table = tableOf(3, SEED);
  const order = Int32Array.from({ length: 200 }, (_, i) => i);
  const read = PackedTable.read(new ByteReader(written(table, order)), 200, {}, new TableRoom());
  const merged = new LossTable();
  read.mergeInto(merged, order);
  expect(merged.length).toBe(200);
  expect(merged.valueAt(199, "mean")).toMatchObject({ count: 0, mean: null });
});

test("more cells than there may be, and other counts of cells than said, are damage", () => {
  const order = Int32Array.from({ length: 5000 }, (_, i) => i);
  const bytes = written(tableOf(5000, SEED), order);
  const reading = (from: Uint8Array, most: number) => (): unknown =>
    PackedTable.read(new ByteReader(from), most, {}, new TableRoom());
  expect(reading(bytes, 5000)).not.toThrow();
  expect(reading(bytes, 4999)).toThrow(DAMAGED);
  for (const length of [4999, 5001]) {
    const changed = bytes.slice();
    new DataView(changed.buffer).setUint32(0, length, true);
    expect(reading(changed, 10_000)).toThrow(DAMAGED);
  }
  const out = new ByteWriter();
  out.uint32(1);
  out.bytes(new NumberPacker().pack([]).slice(1));
  expect(reading(out.done(), 1)).toThrow(DAMAGED);
});

test("the memory that a table is written in is that of a part of it, however many there are", () => {
  const used = [1, 6].map((parts) => {
    const room = new TableRoom();
    const cells = parts * 4096;
    PackedTable.write(
      tableOf(cells, SEED),
      Int32Array.from({ length: cells }, (_, i) => i),
      new ByteWriter(),
      room,
    );
    room.arrays.clear();
    return room.arrays.bytes(1).buffer.byteLength;
  });
  expect(used[1]).toBeLessThan(1.5 * used[0]!);
});

test("a state that is somewhat longer than the one before it fits the memory of that", () => {
  const out = new ByteWriter();
  out.expect(100_000);
  for (let i = 0; i < 100; i++) out.bytes(new Uint8Array(996));
  const room = out.done().buffer;
  expect(room.byteLength).toBeLessThan(115_000);
  const next = new ByteWriter(room);
  for (let i = 0; i < 109; i++) {
    // What is expected makes no room where there is enough.
    next.expect(120_000);
    next.bytes(new Uint8Array(996));
  }
  expect(next.done().buffer).toBe(room);
});
