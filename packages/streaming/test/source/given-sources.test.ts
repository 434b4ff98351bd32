import {
  Float64,
  makeVector,
  RecordBatchReader,
  Table,
  tableFromArrays,
  tableToIPC,
  vectorFromArray,
  type RecordBatch,
} from "apache-arrow";
import { EMPTY, from, lastValueFrom, type Observable } from "rxjs";
import { expect, test } from "vitest";
import { foldLoss } from "../../src/fold-loss.ts";
import { fileSource, streamSource } from "../../src/node.ts";
import { createPool } from "../../src/pool/create-pool.ts";
import { runningLoss } from "../../src/running-loss.ts";
import type { TableSource } from "../../src/source/table-source.ts";

const good = { losses: ["mse"], target: "y", prediction: "p", pool: createPool({ workers: 0 }) };

const [batch] = tableFromArrays({ y: Float64Array.of(1), p: Float64Array.of(2) }).batches;
test.each<[string, () => TableSource]>([
  ["a batch that is none", () => [null] as unknown as TableSource],
  ["a number among batches", () => [5] as unknown as TableSource],
  ["what is no batch behind one", () => [batch, null] as unknown as TableSource],
  ["text where bytes are due", () => streamSource(texts() as AsyncIterable<never>, "texts")],
])("%s is refused with a code", async (_, source) => {
  await expect(lastValueFrom(runningLoss([source()], good))).rejects.toMatchObject({ code: "LF_BAD_OPTION" });
});

test("a table where a batch is wanted is refused in one sentence, by what it is told", async () => {
  const table = tableFromArrays({ y: Float64Array.of(1), p: Float64Array.of(2) });
  const message =
    "batches: what was given holds something that is no record batch of apache-arrow; give batches alone, of a table its `batches`.";
  const batches = [[table], [batch, table]] as unknown as TableSource[];
  for (const source of batches) {
    const refused = expect(lastValueFrom(runningLoss([source], good))).rejects;
    await refused.toMatchObject({ code: "LF_BAD_OPTION", message });
  }
  const pushed = from([table]) as unknown as Observable<RecordBatch>;
  await expect(lastValueFrom(pushed.pipe(foldLoss(good)))).rejects.toMatchObject({ message });
});

test.each(["stream", "file"] as const)("readers of apache-arrow are sources: %s", async (format) => {
  const bytes = tableToIPC(new Table([batch!]), format);
  async function* pieces(): AsyncGenerator<Uint8Array> {
    yield bytes.slice(0, 9);
    yield bytes.slice(9);
  }
  const readers = [RecordBatchReader.from(bytes), await RecordBatchReader.from(pieces())];
  for (const reader of [...readers, RecordBatchReader.from(bytes).open()]) {
    const { rows } = await lastValueFrom(runningLoss(reader as Iterable<RecordBatch>, good));
    expect(rows).toBe(1);
  }
  const none = RecordBatchReader.from(tableToIPC(new Table(batch!.schema), format));
  expect((await lastValueFrom(runningLoss(none as Iterable<RecordBatch>, good))).rows).toBe(0);
});

test("a table whose memory has been given away is refused with a code, where its nulls alone have been too", async () => {
  const numbers = vectorFromArray([1, null, 3, 4], new Float64());
  const { values, nullBitmap } = numbers.data[0]!;
  const table = new Table({ y: numbers, p: makeVector(new Float64Array(4)) });
  for (const [{ buffer }, need] of [
    [nullBitmap, 1],
    [values, 32],
  ] as const) {
    structuredClone(buffer, { transfer: [buffer] });
    await expect(lastValueFrom(runningLoss(table, good))).rejects.toMatchObject({
      code: "LF_ARROW_INVALID",
      message: `table: A buffer holds 0 bytes where its rows need ${need}.`,
    });
  }
});

test("the bytes of a file that have been given away are refused as none", async () => {
  const bytes = new TextEncoder().encode("y,p\n1,2\n").slice();
  const { buffer } = bytes;
  structuredClone(buffer, { transfer: [buffer] });
  for (const source of [bytes, buffer])
    await expect(lastValueFrom(runningLoss(source, good))).rejects.toMatchObject({
      code: "LF_EMPTY",
      message: "bytes is empty: it holds no table.",
    });
});

test("no batches at all are no table without a column", async () => {
  const refusal = { code: "LF_EMPTY", message: "batches is empty: it holds no table." };
  await expect(lastValueFrom(runningLoss([], good))).rejects.toMatchObject(refusal);
  await expect(lastValueFrom(EMPTY.pipe(foldLoss(good)))).rejects.toMatchObject(refusal);
});

test.each<[string, () => unknown]>([
  ["a path that is none", () => fileSource(3 as unknown as string)],
  ["an empty path", () => fileSource("")],
  ["a file whose name is none", () => fileSource("table.csv", 3 as unknown as string)],
  ["a stream that is none", () => streamSource({} as AsyncIterable<never>, "stream")],
  ["a stream without a name", () => streamSource(texts() as AsyncIterable<never>, 3 as unknown as string)],
])("%s is refused with a code", (_, source) => {
  expect(source).toThrow(expect.objectContaining({ code: "LF_BAD_OPTION" }));
});

async function* texts(): AsyncGenerator<string> {
  yield await Promise.resolve("y,p\n1,2\n");
}
