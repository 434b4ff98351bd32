import { padText, textWidth } from "./text-width.ts";
import type { Style } from "./style.ts";

/** One column of a table: its title and where its cells lean. */
export interface TableColumn {
  readonly title: string;
  readonly align?: "left" | "right";
}

/** Sets out rows as aligned columns, two spaces apart, with a dim heading; cells hold no escape sequences. */
export function formatTable(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
  style: Style,
  paint: (cell: string, row: number, column: number) => string = (cell) => cell,
): string[] {
  const widths = columns.map((column, j) =>
    rows.reduce((width, row) => Math.max(width, textWidth(row[j] ?? "")), textWidth(column.title)),
  );
  const line = (cells: readonly string[], finish: (cell: string, column: number) => string): string =>
    columns
      .map((column, j) => {
        const cell = cells[j] ?? "";
        const last = j === columns.length - 1 && column.align !== "right";
        return finish(last ? cell : padText(cell, widths[j]!, column.align), j);
      })
      .join("  ");
  return [
    style.dim(
      line(
        columns.map((column) => column.title),
        (cell) => cell,
      ).trimEnd(),
    ),
    ...rows.map((row, i) => line(row, (cell, j) => paint(cell, i, j)).trimEnd()),
  ];
}
