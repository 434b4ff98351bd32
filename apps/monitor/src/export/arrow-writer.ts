import {
  type Data,
  Field,
  Float64,
  makeData,
  RecordBatch,
  RecordBatchFileWriter,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  Utf8,
} from "apache-arrow";
import type { TableBatch, TableCells, TableColumn, TableWriter, TakeBytes } from "./table-batch.ts";

/**
 * Writes Arrow IPC: the file format, or the stream format where the output cannot be gone back to. Numbers are float64,
 * texts utf8.
 *
 * Each chunk is given on as it comes: apache-arrow 21 joins chunks that lie in one buffer wrongly (`tableToIPC` of two
 * columns that share memory is a truncated stream).
 */
export function createArrowWriter(
  columns: readonly TableColumn[],
  take: TakeBytes,
  layout: "file" | "stream",
): TableWriter {
  const schema = new Schema(
    columns.map(
      ({ name, kind, nullable }) => new Field(name, kind === "number" ? new Float64() : new Utf8(), nullable),
    ),
  );
  const writer = layout === "file" ? new RecordBatchFileWriter() : new RecordBatchStreamWriter();
  const drained = (async () => {
    for await (const bytes of writer) take(bytes);
  })();
  let empty = true;
  const write = (batch: TableBatch): void => {
    empty = false;
    writer.write(recordBatchFrom(schema, batch));
  };
  return {
    write,
    end: () => {
      // A table without rows keeps its columns.
      if (empty) write({ rows: 0, cells: columns.map(noCells) });
      writer.close();
      return drained;
    },
  };
}

function noCells({ kind }: TableColumn): TableCells {
  return kind === "number"
    ? { values: new Float64Array(0), nulls: null }
    : { codes: new Int32Array(0), words: [] };
}

function recordBatchFrom(schema: Schema, { rows, cells }: TableBatch): RecordBatch {
  const data = makeData({
    type: new Struct(schema.fields),
    length: rows,
    nullCount: 0,
    children: cells.map((column) => ("words" in column ? textData(column, rows) : numberData(column, rows))),
  });
  return new RecordBatch(schema, data);
}

function numberData({ values, nulls }: Extract<TableCells, { values: unknown }>, rows: number): Data {
  if (nulls === null) return makeData({ type: new Float64(), data: values, length: rows, nullCount: 0 });
  const nullBitmap = new Uint8Array((rows + 7) >> 3);
  let nullCount = 0;
  for (let i = 0; i < rows; i++) {
    if (nulls[i] === 1) nullCount++;
    else nullBitmap[i >> 3]! |= 1 << (i & 7);
  }
  return makeData({ type: new Float64(), data: values, length: rows, nullCount, nullBitmap });
}

function textData({ codes, words }: Extract<TableCells, { words: unknown }>, rows: number): Data {
  const encoder = new TextEncoder();
  const encoded = words.map((word) => encoder.encode(word));
  const valueOffsets = new Int32Array(rows + 1);
  for (let i = 0; i < rows; i++) valueOffsets[i + 1] = valueOffsets[i]! + encoded[codes[i]!]!.length;
  const data = new Uint8Array(valueOffsets[rows]!);
  for (let i = 0; i < rows; i++) data.set(encoded[codes[i]!]!, valueOffsets[i]);
  return makeData({ type: new Utf8(), valueOffsets, data, length: rows, nullCount: 0 });
}
