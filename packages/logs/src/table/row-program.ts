import { LineProgramBuilder, LONGEST_LINE, type LineProgram } from "../scan/line-program.ts";
import { NUMBER, TEXT, type RowScanner } from "./row-scanner.ts";

/**
 * The shape of the row that `row` read last, from `start` to its end: which cells hold numbers, and what stands between
 * them. Null where the line machine cannot read such rows.
 */
export function programFromRow(
  row: RowScanner,
  separator: number,
  bytes: Uint8Array,
  start: number,
  end: number,
): LineProgram | null {
  if (end - start > LONGEST_LINE) return null;
  const builder = new LineProgramBuilder();
  const addGap = (from: number, to: number): void => {
    for (let i = from; i < to;) {
      const first = i;
      while (i < to && isPadding(bytes[i]!, separator)) i++;
      if (i > first) builder.slot("blanks");
      const literal = i;
      while (i < to && !isPadding(bytes[i]!, separator)) i++;
      builder.literal(bytes.subarray(literal, i));
    }
  };
  let at = start;
  for (let k = 0; k < row.cells; k++) {
    if (row.kinds[k] === TEXT) return null;
    if (row.kinds[k] !== NUMBER) continue;
    addGap(at, row.starts[k]!);
    builder.slot("number");
    at = row.ends[k]!;
  }
  addGap(at, end);
  return builder.end();
}

/** Blanks that may be more or fewer; beside tabs that part cells they must be the same ones. */
function isPadding(c: number, separator: number): boolean {
  return (c === 32 || c === 9) && separator !== 9;
}
