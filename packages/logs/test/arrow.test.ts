import { tableFromIPC, tableToIPC, Table, type RecordBatch } from "apache-arrow";
import { expect, test } from "vitest";
import { ArrowSink, type PointColumns } from "../src/arrow.ts";
import { openReader } from "../src/index.ts";

test("points become batches that survive a round trip", () => {
  const batches: RecordBatch<PointColumns>[] = [];
  const sink = new ArrowSink("run-1", (batch) => batches.push(batch));
  const reader = openReader({ name: "log.jsonl", sink });
  const lines = Array.from(
    { length: 70_000 },
    (_, i) => `{"step": ${i}, "loss": ${i / 2}, "epoch": ${i >> 8}}\n`,
  );
  reader.write(new TextEncoder().encode(lines.join("")));
  reader.write(new TextEncoder().encode('{"step": 70000, "acc": NaN, "timestamp": 1600000000}\n'));
  reader.end();
  sink.flush();
  expect(batches.map((batch) => batch.numRows)).toEqual([65_536, 4465]);
  const table = tableFromIPC(tableToIPC(new Table(batches)));
  expect(table.schema.fields.map((field) => field.name)).toEqual([
    "run",
    "metric",
    "step",
    "epoch",
    "time",
    "value",
    "segment",
    "rank",
  ]);
  expect(table.numRows).toBe(70_001);
  expect(table.get(69_999)!.toJSON()).toEqual({
    run: "run-1",
    metric: "loss",
    step: 69_999,
    epoch: 273,
    time: NaN,
    value: 34_999.5,
    segment: 0,
    rank: -1,
  });
  expect(table.get(70_000)!.toJSON()).toMatchObject({ metric: "acc", value: NaN, time: 1.6e9 });
});

test("an empty log gives no batch", () => {
  const batches: unknown[] = [];
  new ArrowSink("run", (batch) => batches.push(batch)).flush();
  expect(batches).toEqual([]);
});
