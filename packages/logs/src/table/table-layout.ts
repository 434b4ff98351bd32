import { byteText } from "../bytes/byte-text.ts";
import { NUMBER } from "../text/number-pattern.ts";
import { splitCells } from "./split-cells.ts";

/** How a table of text is laid out. */
export interface TableLayout {
  /** The byte between cells; 32 stands for any run of blanks. */
  readonly separator: number;
  /** Names of the columns, trimmed and unquoted. */
  readonly header: readonly string[];
  /** The header is no row of its own: it stands in a comment (`# epoch loss`, as numpy writes it), or there is none. */
  readonly given: boolean;
  /**
   * Share of the rows in the first bytes that fit: they have a number, and no more cells than the header; or, beside
   * such rows, they have nothing but numbers.
   */
  readonly fit: number;
  /** Rows in the first bytes. */
  readonly rows: number;
}

const BLANKS = 32;
const SEPARATORS = [44, 9, 59, 124, BLANKS];
const NUMERIC = new RegExp(`^\\s*${NUMBER}\\s*$`);
const MOST_LINES = 50;

/** Works out the layout of the table that begins with `head`, or null where it is none. */
export function layoutFromHead(head: Uint8Array): TableLayout | null {
  const lines = firstLines(head);
  let best: TableLayout | null = null;
  for (const separator of SEPARATORS) {
    const layout = layoutWith(lines, separator);
    // Names of several words stand between tabs: blanks part the cells only where nothing else does as well.
    if (separator === BLANKS && best !== null && layout !== null && best.fit >= layout.fit) break;
    if (
      layout !== null &&
      (best === null || layout.fit * layout.header.length > best.fit * best.header.length)
    ) {
      best = layout;
    }
  }
  return best;
}

function layoutWith(lines: readonly string[], separator: number): TableLayout | null {
  let at = 0;
  while (at < lines.length && /^\s*(?:#.*)?$/.test(lines[at]!)) at++;
  const first = lines[at];
  if (first === undefined) return null;
  let header = splitCells(first, separator);
  let rows = lines.slice(at + 1);
  let given = false;
  if (header.some((cell) => NUMERIC.test(cell))) {
    const comment = lines.slice(0, at).findLast((line) => /^\s*#\s*[A-Za-z]/.test(line));
    rows = lines.slice(at);
    const names = comment === undefined ? null : splitCells(comment.replace(/^\s*#\s*/, ""), separator);
    if (names?.length === header.length) header = names;
    else if (isSteps(rows, separator)) header = ["step", "loss"];
    else return null;
    given = true;
  }
  if (header.length < 2 || !header.every(isColumnName)) return null;
  const data = rows.filter((row) => row.trim() !== "" && !row.startsWith("#"));
  let fitting = 0;
  let ragged = 0;
  for (const row of data) {
    const cells = splitCells(row, separator);
    if (cells.length <= header.length && cells.length > 1 && cells.some((cell) => NUMERIC.test(cell)))
      fitting++;
    else if (cells.length === header.length && cells.join() === header.join()) fitting++;
    else if (separator !== BLANKS && cells.every(isFigure)) ragged++;
  }
  if (fitting > 0) fitting += ragged;
  return {
    separator,
    header,
    given,
    fit: data.length === 0 ? 0 : fitting / data.length,
    rows: data.length,
  };
}

function isFigure(cell: string): boolean {
  return cell.trim() === "" || NUMERIC.test(cell);
}

/** Two columns without names: growing integers, and numbers that are not all integers. */
function isSteps(rows: readonly string[], separator: number): boolean {
  let last = -Infinity;
  let whole = true;
  for (const row of rows) {
    if (row.trim() === "") continue;
    const [step, value, ...more] = splitCells(row, separator);
    if (step === undefined || value === undefined || more.length > 0) return false;
    if (!/^\d+$/.test(step) || !NUMERIC.test(value) || Number(step) <= last) return false;
    last = Number(step);
    whole &&= /^\d+$/.test(value);
  }
  return rows.length >= 3 && !whole;
}

/** A column's name is short, has a letter (or is empty, as an index column's), and holds no sentence. */
function isColumnName(cell: string): boolean {
  return cell.length <= 200 && !/[{}=]/.test(cell) && (cell === "" || /[A-Za-z\u0080-\u00ff]/.test(cell));
}

/** The first lines of the head; the last one, which may be cut, is left out unless it is the only one. */
function firstLines(head: Uint8Array): string[] {
  const text = byteText(head, 0, Math.min(head.length, 1 << 16));
  const lines = text.split(/\r\n|\n|\r/, MOST_LINES + 1);
  if (lines.length > 1) lines.pop();
  return joinQuoted(lines);
}

/** Joins lines that an open quote ties together. */
function joinQuoted(lines: readonly string[]): string[] {
  const joined: string[] = [];
  let open = "";
  for (const line of lines) {
    const whole = open === "" ? line : `${open}\n${line}`;
    const quotes = whole.split('"').length - 1;
    if (quotes % 2 === 1 && whole.length < 1 << 16) open = whole;
    else {
      joined.push(whole);
      open = "";
    }
  }
  return joined;
}
