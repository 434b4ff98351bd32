import { ByteWriter, ParquetWriter } from "hyparquet-writer";
import type { TableColumn, TableWriter, TakeBytes } from "./table-batch.ts";

/** Writes Parquet, a row group a batch, snappy-compressed: numbers as DOUBLE, texts as UTF-8 strings. */
export function createParquetWriter(columns: readonly TableColumn[], take: TakeBytes): TableWriter {
  const bytes = new ByteWriter();
  const schema = [
    { name: "lossflow", num_children: columns.length },
    ...columns.map(({ name, kind, nullable }) => ({
      name,
      repetition_type: nullable ? ("OPTIONAL" as const) : ("REQUIRED" as const),
      ...(kind === "number"
        ? { type: "DOUBLE" as const }
        : { type: "BYTE_ARRAY" as const, converted_type: "UTF8" as const }),
    })),
  ];
  const writer = new ParquetWriter({ writer: bytes, schema, createdBy: "lossflow" });
  const drain = (): void => {
    take(new Uint8Array(bytes.buffer.slice(0, bytes.index)));
    bytes.index = 0;
  };
  return {
    write: ({ rows, cells }) => {
      if (rows === 0) return;
      const columnData = cells.map((column, j) => ({
        name: columns[j]!.name,
        data: "words" in column ? wordsOf(column, rows) : numbersOf(column, rows),
      }));
      void writer.write({ columnData, rowGroupSize: rows });
      drain();
    },
    end: () => {
      void writer.finish();
      drain();
      return Promise.resolve();
    },
  };
}

function wordsOf(
  { codes, words }: { readonly codes: Int32Array; readonly words: readonly string[] },
  rows: number,
): string[] {
  return Array.from({ length: rows }, (_, i) => words[codes[i]!]!);
}

function numbersOf(
  { values, nulls }: { readonly values: Float64Array; readonly nulls: Uint8Array | null },
  rows: number,
): Float64Array | (number | null)[] {
  if (nulls === null) return values.subarray(0, rows);
  return Array.from({ length: rows }, (_, i) => (nulls[i] === 1 ? null : values[i]!));
}
