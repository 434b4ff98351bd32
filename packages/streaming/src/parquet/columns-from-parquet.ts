import type { Column } from "../columns/column.ts";
import type { ParquetPayload } from "../source/table-source.ts";
import { columnFromChunk } from "./column-from-chunk.ts";
import { readChunk } from "./read-chunk.ts";

/** Decodes the wanted columns of a row group. @throws LF_PARQUET_INVALID, LF_COMPRESSION */
export function columnsFromParquet({ columns, rows }: ParquetPayload): Column[] {
  return columns.map((column): Column => {
    if ("unsupported" in column) {
      return { kind: "unsupported", length: rows, bitOffset: 0, validity: null, type: column.unsupported };
    }
    const { bytes, codec, leaf, values } = column;
    return columnFromChunk(readChunk(bytes, codec, leaf, values), leaf, rows);
  });
}
