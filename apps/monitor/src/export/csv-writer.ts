import { escapeText } from "../format/escape-text.ts";
import type { TableBatch, TableColumn, TableWriter, TakeBytes } from "./table-batch.ts";

/** What makes a spreadsheet take a text for a formula. */
const FORMULA = /^[=+\-@\t\r]/;
const SPECIAL = /[",\r\n]/;

/**
 * Writes CSV (RFC 4180, UTF-8, CRLF): a header, numbers as shortest round-trip decimals, `NaN`, `inf`, `-inf`; an empty
 * cell is empty. A text that a spreadsheet would take for a formula gets a `'` before it; numbers stay numbers. What goes
 * `toTerminal` shows what could move its cursor.
 */
export function createCsvWriter(
  columns: readonly TableColumn[],
  take: TakeBytes,
  toTerminal: boolean = false,
): TableWriter {
  const shown = toTerminal ? (text: string): string => textCell(escapeText(text)) : textCell;
  const encoder = new TextEncoder();
  const emit = (lines: readonly string[]): void => take(encoder.encode(`${lines.join("\r\n")}\r\n`));
  let head = [columns.map(({ name }) => shown(name)).join(",")];
  const write = (lines: readonly string[]): void => {
    emit([...head, ...lines]);
    head = [];
  };
  return {
    write: (batch) => write(linesOf(batch, shown)),
    end: () => {
      if (head.length > 0) write([]);
      return Promise.resolve();
    },
  };
}

function linesOf({ rows, cells }: TableBatch, shown: (text: string) => string): string[] {
  const texts = cells.map((column) => ("words" in column ? column.words.map(shown) : null));
  return Array.from({ length: rows }, (_, row) =>
    cells
      .map((column, j) => {
        if ("words" in column) return texts[j]![column.codes[row]!]!;
        return column.nulls?.[row] === 1 ? "" : numberCell(column.values[row]!);
      })
      .join(","),
  );
}

function numberCell(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? "NaN" : value > 0 ? "inf" : "-inf";
}

function textCell(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return SPECIAL.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
