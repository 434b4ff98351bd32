import type { Column } from "../columns/column.ts";
import type { Payload } from "../source/table-source.ts";
import { columnsFromCsv } from "../text/columns-from-csv.ts";
import { columnsFromJsonl } from "../text/columns-from-jsonl.ts";

/** The columns of a segment, and for text sources the line on which each row begins. */
export interface PayloadRows {
  readonly columns: readonly Column[];
  readonly lineOf?: (row: number) => number;
}

/** Turns what the reading thread sent into columns. The Parquet decoder is loaded when a file first needs it. */
export async function columnsFromPayload(
  payload: Payload,
  rows: number,
  source: string,
): Promise<PayloadRows> {
  switch (payload.kind) {
    case "columns":
      return { columns: payload.columns };
    case "csv":
      return columnsFromCsv(payload, rows, source);
    case "jsonl":
      return columnsFromJsonl(payload, rows, source);
    default: {
      const { columnsFromParquet } = await import("../parquet/columns-from-parquet.ts");
      return { columns: await columnsFromParquet(payload, rows, source) };
    }
  }
}
