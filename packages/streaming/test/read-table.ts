import { isLossflowError } from "@lossflow/core";
import { idsFromColumn } from "../src/keys/ids-from-column.ts";
import { ValueTable } from "../src/keys/value-table.ts";
import { numbersFromColumn } from "../src/columns/numbers-from-column.ts";
import { holdsLists, vectorsFromColumn } from "../src/columns/vectors-from-column.ts";
import type { Column } from "../src/columns/column.ts";
import { Arena } from "../src/source/arena.ts";
import { memoryBytes } from "../src/source/memory-bytes.ts";
import { openTable } from "../src/source/open-table.ts";
import { columnsFromPayload } from "../src/worker/columns-from-payload.ts";

/** Reads all columns of a table in memory and gives their content as text. */
export async function readTable(bytes: Uint8Array): Promise<string> {
  const table = await openTable(memoryBytes(bytes, "file"));
  const names = [...new Set(table.columns)];
  const lines: string[] = [];
  for await (const { payload, rows } of table.segments(names, new Arena(2))) {
    const { columns } = await columnsFromPayload(payload, rows, "file", 0);
    for (const [i, column] of columns.entries())
      lines.push(`${names[i]} ${rows} ${contentOf(column, names[i]!)}`);
  }
  return lines.join("\n");
}

function contentOf(column: Column, name: string): string {
  const place = { source: "file", column: name, firstRow: 0 };
  try {
    if (holdsLists(column)) return JSON.stringify(vectorsFromColumn(column, place, { falseIs: 0 }));
    if (column.kind === "number" || column.kind === "boolean") {
      return JSON.stringify(numbersFromColumn(column, place, { falseIs: 0 }));
    }
    const table = new ValueTable();
    const ids = idsFromColumn(column, place, table);
    return JSON.stringify([ids, Array.from({ length: table.length }, (_, id) => table.keyAt(id))]);
  } catch (error) {
    // What a column holds may have no numbers; that it is damaged is another matter.
    if (
      isLossflowError(error) &&
      /^LF_(?:NOT_NUMERIC|NOT_A_NUMBER|BAD_GROUP|SHAPE|INTEGER)/.test(error.code)
    ) {
      return error.code;
    }
    throw error;
  }
}
