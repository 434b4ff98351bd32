import type { CellsColumn } from "./column.ts";

/** Makes the function that decodes the text of a CSV cell, doubled quotes made single. */
export function cellReader(column: CellsColumn): (row: number) => string {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  return (row) => {
    // TextDecoder refuses shared memory in browsers, so the text is copied out first.
    const text = decoder.decode(column.bytes.slice(column.starts[row], column.ends[row]));
    return column.quoted[row] === 1 ? text.replaceAll('""', '"') : text;
  };
}
