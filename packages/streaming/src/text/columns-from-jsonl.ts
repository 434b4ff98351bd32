import type { ValuesColumn } from "../columns/column.ts";
import type { JsonlPayload } from "../source/table-source.ts";
import type { PayloadRows } from "../worker/columns-from-payload.ts";
import { LF } from "./csv-records.ts";
import { isBlankLine } from "./json-lines.ts";
import { recordFromJson } from "./record-from-json.ts";

/** Parses a chunk of JSONL and picks the wanted keys; an absent key is null. @throws LF_BAD_JSON with line and row */
export function columnsFromJsonl(
  payload: JsonlPayload,
  rows: number,
  source: string,
  firstRow: number,
): PayloadRows {
  const { bytes, wanted, firstLine } = payload;
  const values = wanted.map(() => Array.from<unknown>({ length: rows }));
  const lines = new Float64Array(rows);
  const decoder = new TextDecoder();
  let at = 0;
  let row = 0;
  for (let line = firstLine; row < rows; line++) {
    const next = bytes.indexOf(LF, at);
    const end = next === -1 ? bytes.length : next;
    if (!isBlankLine(bytes, at, end)) {
      // TextDecoder refuses shared memory in browsers, so the line is copied out first.
      const record = recordFromJson(decoder.decode(bytes.slice(at, end)), source, line, firstRow + row);
      for (const [i, key] of wanted.entries())
        values[i]![row] = Object.hasOwn(record, key) ? record[key] : null;
      lines[row++] = line;
    }
    at = end + 1;
  }
  const columns = values.map((column): ValuesColumn => ({
    kind: "values",
    length: rows,
    bitOffset: 0,
    validity: null,
    values: column,
  }));
  return { columns, lineOf: (row) => lines[row]! };
}
