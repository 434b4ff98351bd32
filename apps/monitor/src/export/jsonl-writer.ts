import { toJson } from "../format/json-text.ts";
import type { TableBatch, TableColumn, TableWriter, TakeBytes } from "./table-batch.ts";

/**
 * Writes JSON lines: one object a row with a key a column, an empty cell as null, a number that is not finite as the
 * string "NaN", "Infinity" or "-Infinity".
 */
export function createJsonlWriter(columns: readonly TableColumn[], take: TakeBytes): TableWriter {
  const encoder = new TextEncoder();
  const keys = columns.map(({ name }, j) => `${j === 0 ? "{" : ","}${toJson(name)}:`);
  return {
    write: (batch) => take(encoder.encode(textOf(batch, keys))),
    end: () => Promise.resolve(),
  };
}

function textOf({ rows, cells }: TableBatch, keys: readonly string[]): string {
  const texts = cells.map((column) => ("words" in column ? column.words.map((word) => toJson(word)) : null));
  let text = "";
  for (let row = 0; row < rows; row++) {
    for (const [j, column] of cells.entries()) {
      text += keys[j]!;
      if ("words" in column) text += texts[j]![column.codes[row]!]!;
      else text += column.nulls?.[row] === 1 ? "null" : numberText(column.values[row]!);
    }
    text += "}\n";
  }
  return text;
}

function numberText(value: number): string {
  return Number.isFinite(value) ? JSON.stringify(value) : `"${value}"`;
}
