import { parquetReadObjects } from "hyparquet";
import { tableFromIPC } from "apache-arrow";
import { expect, test } from "vitest";
import type { TableBatch, TableColumn } from "../../src/export/table-batch.ts";
import { createTableWriter, type TableFormat } from "../../src/export/table-format.ts";

const COLUMNS: readonly TableColumn[] = [
  { name: "name", kind: "text", nullable: false },
  { name: "a", kind: "number", nullable: false },
  { name: "b", kind: "number", nullable: true },
];
const WORDS = ["loss", "=1+1", "+x", "-y", "@z", "\tq", 'say "no", then\r\nleave', "ünïcødé 損失", ""];
const VALUES = [1.5, -2, 0.1 + 0.2, Number.NaN, Infinity, -Infinity, 5e-324, 1.7976931348623157e308, -0];

/** Two batches whose number columns lie in one buffer. */
function batches(): TableBatch[] {
  const shared = Float64Array.from([...VALUES, ...VALUES.map((x) => x / 4)]);
  const cells = (from: number, rows: number): TableBatch => ({
    rows,
    cells: [
      { codes: Int32Array.from({ length: rows }, (_, i) => from + i), words: WORDS },
      { values: shared.subarray(from, from + rows), nulls: null },
      {
        values: shared.subarray(VALUES.length + from, VALUES.length + from + rows),
        nulls: Uint8Array.from({ length: rows }, (_, i) => Number((from + i) % 4 === 1)),
      },
    ],
  });
  return [cells(0, 5), cells(5, 4)];
}

const expected = WORDS.map((name, i) => ({
  name,
  a: VALUES[i],
  b: i % 4 === 1 ? null : VALUES[i]! / 4,
}));

async function written(
  format: TableFormat,
  given: readonly TableBatch[] = batches(),
  layout: "file" | "stream" | "terminal" = "file",
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  const writer = await createTableWriter(format, COLUMNS, (bytes) => void parts.push(bytes.slice()), layout);
  for (const batch of given) writer.write(batch);
  await writer.end();
  return Buffer.concat(parts);
}

test.each(["file", "stream"] as const)("an Arrow %s comes back as it was", async (layout) => {
  const table = tableFromIPC(await written("arrow", batches(), layout));
  expect(table.toArray().map((row: { toJSON(): unknown }) => row.toJSON())).toEqual(expected);
  const empty = tableFromIPC(await written("arrow", [], layout));
  expect([empty.numRows, empty.schema.fields.map(({ name }) => name)]).toEqual([0, ["name", "a", "b"]]);
});

test("two columns that lie in the same memory come back from Arrow too", async () => {
  const values = Float64Array.from(VALUES);
  const cells = [
    { codes: Int32Array.from(WORDS.keys()), words: WORDS },
    { values, nulls: null },
    { values, nulls: null },
  ];
  const table = tableFromIPC(await written("arrow", [{ rows: WORDS.length, cells }]));
  expect(Array.from(table.getChild("a") as Iterable<number>)).toEqual(VALUES);
  expect(Array.from(table.getChild("b") as Iterable<number>)).toEqual(VALUES);
});

test("a Parquet file comes back as it was", async () => {
  const read = async (bytes: Uint8Array): Promise<unknown> =>
    parquetReadObjects({ file: new Uint8Array(bytes).buffer });
  expect(await read(await written("parquet"))).toEqual(expected);
  expect(await read(await written("parquet", []))).toEqual([]);
});

test("JSON lines are one object a row, what is not finite a string", async () => {
  const lines = Buffer.from(await written("jsonl"))
    .toString()
    .trimEnd()
    .split("\n");
  const plain = (x: number | null | undefined): unknown =>
    typeof x === "number" && !Number.isFinite(x) ? String(x) : Object.is(x, -0) ? 0 : x;
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(
    expected.map(({ name, a, b }) => ({ name, a: plain(a), b: plain(b) })),
  );
});

test("CSV on a terminal shows what could move its cursor, and leaves it as it is elsewhere", async () => {
  const cells = [
    { codes: Int32Array.of(0), words: ["a\u001b[31m"] },
    { values: Float64Array.of(1), nulls: null },
    { values: Float64Array.of(2), nulls: null },
  ];
  const text = async (layout: "stream" | "terminal"): Promise<string> =>
    Buffer.from(await written("csv", [{ rows: 1, cells }], layout)).toString();
  expect(await text("terminal")).toBe("name,a,b\r\na\u241b[31m,1,2\r\n");
  expect(await text("stream")).toContain("\u001b");
});

test("CSV quotes what it must, and no text of it is a formula", async () => {
  expect(Buffer.from(await written("csv")).toString()).toBe(
    [
      "name,a,b",
      "loss,1.5,0.375",
      "'=1+1,-2,",
      "'+x,0.30000000000000004,0.07500000000000001",
      "'-y,NaN,NaN",
      "'@z,inf,inf",
      "'\tq,-inf,",
      '"say ""no"", then\r\nleave",5e-324,0',
      "ünïcødé 損失,1.7976931348623157e+308,4.4942328371557893e+307",
      ",0,0",
      "",
    ].join("\r\n"),
  );
});
