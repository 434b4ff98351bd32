/**
 * Splits a row of a table into trimmed cells; RFC 4180 quotes are taken off. Separator 32 stands for any run of blanks.
 * For headers and for finding out a layout; rows are read from their bytes.
 */
export function splitCells(row: string, separator: number): string[] {
  if (separator === 32) {
    const cells = row.trim().match(/"[^"]*"|\S+/g) ?? [];
    return cells.map((cell) => cell.replace(/^"(.*)"$/, "$1"));
  }
  const cells: string[] = [];
  let i = 0;
  for (;;) {
    while (row[i] === " ") i++;
    let cell = "";
    if (row[i] === '"') {
      i++;
      while (i < row.length) {
        if (row[i] !== '"') cell += row[i++];
        else if (row[i + 1] === '"') {
          cell += '"';
          i += 2;
        } else break;
      }
      i++;
      while (i < row.length && row.charCodeAt(i) !== separator) i++;
    } else {
      const start = i;
      while (i < row.length && row.charCodeAt(i) !== separator) i++;
      cell = row.slice(start, i);
    }
    cells.push(cell.trim());
    if (i >= row.length) return cells;
    i++;
  }
}
