import { LossflowError } from "@lossflow/core";
import { parquetRead, type DecodedArray } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import type { Column, NumberFormat } from "../columns/column.ts";
import type { ParquetPayload } from "../source/table-source.ts";

/**
 * Decodes the wanted columns of a row group.
 * @throws LF_PARQUET_INVALID where they cannot be decoded, or hold another number of rows than the group.
 */
export async function columnsFromParquet(payload: ParquetPayload, source: string): Promise<Column[]> {
  const { metadata, wanted, chunks } = payload;
  const rows = Number(metadata.num_rows);
  const readable = wanted.filter(({ unsupported }) => unsupported === undefined).map(({ name }) => name);
  const decoded = new Map<string, DecodedArray[]>();
  try {
    if (readable.length > 0) {
      await parquetRead({
        file: {
          byteLength: Number.MAX_SAFE_INTEGER,
          slice: (start, end) => Promise.resolve(sliceOfChunks(chunks, start, end ?? start)),
        },
        metadata,
        columns: readable,
        compressors,
        onChunk({ columnName, columnData }) {
          const parts = decoded.get(columnName) ?? [];
          parts.push(columnData);
          decoded.set(columnName, parts);
        },
      });
    }
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new LossflowError(
      "LF_PARQUET_INVALID",
      `${source} is damaged: a row group cannot be decoded (${why}).`,
      { path: source },
      { cause },
    );
  }
  return wanted.map(({ name, unsupported }): Column => {
    if (unsupported !== undefined) {
      return { kind: "unsupported", length: rows, bitOffset: 0, validity: null, type: unsupported };
    }
    const parts = decoded.get(name) ?? [];
    const length = parts.reduce((sum, part) => sum + part.length, 0);
    // The decoder gives whole pages; they end with the group.
    if (length !== rows) {
      throw new LossflowError(
        "LF_PARQUET_INVALID",
        `${source} is damaged: column ${JSON.stringify(name)} holds ${length} rows where its row group has ${rows}.`,
        { path: source, column: name },
      );
    }
    return columnFromParts(parts, rows);
  });
}

function columnFromParts(parts: readonly DecodedArray[], rows: number): Column {
  const base = { length: rows, bitOffset: 0, validity: null };
  for (const [format, Typed] of FORMATS) {
    if (!parts.every((part) => part instanceof Typed)) continue;
    const bytes = new Uint8Array(rows * Typed.BYTES_PER_ELEMENT);
    let at = 0;
    for (const part of parts) {
      const { buffer, byteOffset, byteLength } = part as InstanceType<typeof Typed>;
      bytes.set(new Uint8Array(buffer, byteOffset, byteLength), at);
      at += byteLength;
    }
    return { ...base, kind: "number", format, values: bytes };
  }
  return { ...base, kind: "values", values: parts.flatMap((part) => Array.from<unknown>(part)) };
}

const FORMATS = [
  ["f32", Float32Array],
  ["f64", Float64Array],
  ["i32", Int32Array],
  ["u32", Uint32Array],
  ["i64", BigInt64Array],
  ["u64", BigUint64Array],
] as const satisfies readonly (readonly [NumberFormat, unknown])[];

/**
 * Copies a range out of the chunks: the decoder keeps views, and some of its codecs cannot read shared memory. It may
 * ask for several chunks at once with what lies between them, which it does not look at.
 */
function sliceOfChunks(chunks: ParquetPayload["chunks"], start: number, end: number): ArrayBuffer {
  const slice = new Uint8Array(end - start);
  for (const chunk of chunks) {
    const from = Math.max(start, chunk.start);
    const to = Math.min(end, chunk.start + chunk.bytes.length);
    if (from < to) slice.set(chunk.bytes.subarray(from - chunk.start, to - chunk.start), from - start);
  }
  return slice.buffer;
}
