import type { CellsColumn } from "./column.ts";

const decode = (bytes: Uint8Array): string => new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);

/** Decodes the text of one CSV cell, doubled quotes made single. */
export function textFromCell(column: CellsColumn, row: number): string {
  // TextDecoder refuses shared memory in browsers, so the text is copied out first.
  const text = decode(column.bytes.slice(column.starts[row], column.ends[row]));
  return column.quoted[row] === 1 ? text.replaceAll('""', '"') : text;
}
