import type { Column } from "../columns/column.ts";
import { sliceColumn } from "../columns/slice-column.ts";
import type { Payload } from "../source/table-source.ts";
import { columnsFromFile } from "../arrow/columns-from-file.ts";
import { PlainMemory, type ReadMemory } from "./read-memory.ts";
import { columnsFromCsv } from "../text/columns-from-csv.ts";
import { columnsFromJsonl } from "../text/columns-from-jsonl.ts";

/** The columns of a segment, and for text sources the line on which each row begins. */
export interface PayloadRows {
  readonly columns: readonly Column[];
  readonly lineOf?: (row: number) => number;
}

/**
 * Turns the first `rows` rows of what the reading thread sent into columns; those of a file are read into `memory`, and
 * stand there until the next are. The Parquet decoder is loaded when a file first needs it.
 */
export async function columnsFromPayload(
  payload: Payload,
  rows: number,
  source: string,
  firstRow: number,
  memory: ReadMemory = new PlainMemory(),
): Promise<PayloadRows> {
  switch (payload.kind) {
    case "arrow":
      return { columns: firstRows(columnsFromFile(payload, source, memory), rows) };
    case "columns":
      return { columns: firstRows(payload.columns, rows) };
    case "csv":
      return columnsFromCsv(payload, rows, source, firstRow);
    case "jsonl":
      return columnsFromJsonl(payload, rows, source, firstRow);
    default: {
      const { columnsFromParquet } = await import("../parquet/columns-from-parquet.ts");
      return { columns: firstRows(columnsFromParquet(payload), rows) };
    }
  }
}

/** Numbers of each column of a Parquet row group that are decoded at a time; there may be millions. */
const PIECE_NUMBERS = 2 ** 17;

/** Turns them into columns as {@link columnsFromPayload} does, a piece at a time; one stands until the next is asked for. */
export async function* piecesFromPayload(
  payload: Payload,
  rows: number,
  source: string,
  firstRow: number,
  memory: ReadMemory,
): AsyncGenerator<PayloadRows & { readonly rows: number }> {
  if (payload.kind !== "parquet") {
    yield { rows, ...(await columnsFromPayload(payload, rows, source, firstRow, memory)) };
    return;
  }
  const { piecesFromParquet } = await import("../parquet/columns-from-parquet.ts");
  let left = rows;
  for (const columns of piecesFromParquet(payload, PIECE_NUMBERS)) {
    const some = Math.min(left, columns[0]?.length ?? left);
    yield { rows: some, columns: firstRows(columns, some) };
    left -= some;
    if (left === 0) return;
  }
}

function firstRows(columns: readonly Column[], rows: number): readonly Column[] {
  return columns.map((column) => (column.length === rows ? column : sliceColumn(column, 0, rows)));
}
