import { LossflowError } from "@lossflow/core";
import type { CellsColumn } from "../columns/column.ts";
import type { CsvPayload } from "../source/table-source.ts";
import type { PayloadRows } from "../worker/columns-from-payload.ts";
import { CR, endOfQuoted, LF, lineEndsWithin, QUOTE } from "./csv-records.ts";

/**
 * Finds the cells of the wanted columns in a chunk of whole CSV records. Nothing is decoded here.
 * @throws LF_BAD_CSV with line and row, for a record of another number of cells than the header, text behind a closing
 *   quote, or a quote that is not closed.
 */
export function columnsFromCsv(
  payload: CsvPayload,
  rows: number,
  source: string,
  firstRow: number,
): PayloadRows {
  const { bytes, delimiter, wanted, width, firstLine } = payload;
  const { length } = bytes;
  const columns = wanted.map((): CellsColumn => ({
    kind: "cells",
    length: rows,
    bitOffset: 0,
    validity: null,
    bytes,
    starts: new Int32Array(rows),
    ends: new Int32Array(rows),
    quoted: new Uint8Array(rows),
  }));
  // The wanted columns by position, a list each since one column may be asked for twice.
  const takers = Array.from({ length: width }, (_, position) =>
    columns.filter((_, i) => wanted[i] === position),
  );
  const lines = new Float64Array(rows);
  let line = firstLine;
  let at = 0;
  let row = 0;
  while (at < length && row < rows) {
    if (bytes[at] === LF || bytes[at] === CR) {
      at += bytes[at] === CR && bytes[at + 1] === LF ? 2 : 1;
      line++;
      continue;
    }
    lines[row] = line;
    let cell = 0;
    for (;;) {
      let start = at;
      let end: number;
      let quoted = 0;
      if (bytes[at] === QUOTE) {
        quoted = 1;
        const after = endOfQuoted(bytes, at);
        if (after === -1) throw broken(source, line, firstRow + row, "a quote is opened and not closed");
        line += lineEndsWithin(bytes, at, after);
        start = at + 1;
        end = after - 1;
        at = after;
        if (at < length && bytes[at] !== delimiter && bytes[at] !== LF && bytes[at] !== CR) {
          throw broken(source, line, firstRow + row, "text follows a closing quote");
        }
      } else {
        while (at < length && bytes[at] !== delimiter && bytes[at] !== LF && bytes[at] !== CR) at++;
        end = at;
      }
      if (cell < width) {
        for (const column of takers[cell]!) {
          column.starts[row] = start;
          column.ends[row] = end;
          column.quoted[row] = quoted;
        }
      }
      cell++;
      if (at >= length || bytes[at] !== delimiter) break;
      at++;
    }
    if (cell !== width) {
      throw broken(
        source,
        lines[row]!,
        firstRow + row,
        `it has ${cell} ${cell === 1 ? "cell" : "cells"} where the header has ${width}`,
      );
    }
    if (at < length) at += bytes[at] === CR && bytes[at + 1] === LF ? 2 : 1;
    line++;
    row++;
  }
  return { columns, lineOf: (row) => lines[row]! };
}

function broken(source: string, line: number, row: number, why: string): LossflowError {
  return new LossflowError("LF_BAD_CSV", `${source}, row ${row} (line ${line}): ${why}; mend that record.`, {
    path: source,
    line,
    row,
  });
}
