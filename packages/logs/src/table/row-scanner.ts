import { byteText } from "../bytes/byte-text.ts";
import { NumberScanner } from "../bytes/number-scanner.ts";

const LF = 10;
const CR = 13;
const QUOTE = 34;
const BLANK = 32;
const SEMICOLON = 59;

/** What a cell holds: nothing, a number, or text. */
export const ABSENT = 0;
export const NUMBER = 1;
export const TEXT = 2;

/** What `scan` returns where an open quote reaches over the row's end. */
export const OPEN = -2;

/**
 * Reads the cells of one row after another into arrays that it reuses: what each holds, its number, and where its
 * content stands without quotes. Cells beyond the columns are passed over.
 */
export class RowScanner {
  readonly #separator: number;
  readonly #numbers = new NumberScanner();
  readonly kinds: Uint8Array;
  readonly values: Float64Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** Cells of the row last read, no more than there are columns. */
  cells = 0;

  /** `separator`: the byte between cells; 32 stands for any run of blanks. Between semicolons `2,5` is a number. */
  constructor(separator: number, columns: number) {
    this.#separator = separator;
    this.kinds = new Uint8Array(columns);
    this.values = new Float64Array(columns);
    this.starts = new Int32Array(columns);
    this.ends = new Int32Array(columns);
  }

  get hasNumber(): boolean {
    for (let i = 0; i < this.cells; i++) if (this.kinds[i] === NUMBER) return true;
    return false;
  }

  /** The number of a column in the row last read; NaN where it holds none, or there is no such column. */
  number(column: number): number {
    return column >= 0 && column < this.cells && this.kinds[column] === NUMBER ? this.values[column]! : NaN;
  }

  /** Tells whether a column holds text in the row last read. */
  isText(column: number): boolean {
    return column >= 0 && column < this.cells && this.kinds[column] === TEXT;
  }

  /** Takes up a row that was read elsewhere: what its cells hold, and its numbers one after the other. */
  recall(kinds: Uint8Array, numbered: readonly number[], values: Float64Array): void {
    this.kinds.set(kinds);
    this.cells = kinds.length;
    for (let k = 0; k < numbered.length; k++) this.values[numbered[k]!] = values[k]!;
  }

  /** Reads the cells of a row; returns where it ends, or OPEN. `over`: a quote may reach over line ends. */
  scan(bytes: Uint8Array, start: number, end: number, over: boolean): number {
    const separator = this.#separator;
    const size = this.kinds.length;
    let i = start;
    let cell = 0;
    for (;;) {
      i = this.#skipBlanks(bytes, i, end);
      let kind = ABSENT;
      let from = i;
      let to = i;
      let c = i < end ? bytes[i]! : LF;
      if (c === QUOTE) {
        from = ++i;
        while (i < end && (bytes[i] !== QUOTE || bytes[i + 1] === QUOTE)) {
          if (!over && (bytes[i] === LF || bytes[i] === CR)) return OPEN;
          i += bytes[i] === QUOTE ? 2 : 1;
        }
        if (i >= end) {
          this.cells = Math.min(cell, size);
          return OPEN;
        }
        to = i++;
        if (to > from) {
          const at = this.#numbers.scan(bytes, from, to);
          kind = at === to ? NUMBER : TEXT;
        }
      } else {
        const at = this.#numbers.scan(bytes, i, end);
        if (at > i) kind = NUMBER;
        i = at;
        to = at;
      }
      let value = this.#numbers.value;
      i = this.#skipBlanks(bytes, i, end);
      c = i < end ? bytes[i]! : LF;
      const ends = c === separator || c === LF || c === CR || (separator === BLANK && i > to);
      if (!ends) {
        kind = TEXT;
        while (i < end) {
          c = bytes[i]!;
          if (c === separator || c === LF || c === CR || (separator === BLANK && c === 9)) break;
          i++;
        }
        to = i;
        c = i < end ? bytes[i]! : LF;
        if (separator === SEMICOLON) {
          const comma = numberWithComma(bytes, from, to);
          if (comma !== null) {
            kind = NUMBER;
            value = comma;
          }
        }
      }
      if (separator === BLANK) {
        while (i < end && (bytes[i] === 32 || bytes[i] === 9)) i++;
        c = i < end ? bytes[i]! : LF;
      }
      if (cell < size) {
        this.kinds[cell] = kind;
        this.values[cell] = value;
        this.starts[cell] = from;
        this.ends[cell] = to;
      }
      cell++;
      if (i >= end || c === LF || c === CR) break;
      if (separator !== BLANK) i++;
    }
    this.cells = Math.min(cell, size);
    return i;
  }

  /** Tabs are blanks where they do not part the cells. */
  #skipBlanks(bytes: Uint8Array, start: number, end: number): number {
    const tab = this.#separator === 9 ? BLANK : 9;
    let i = start;
    while (i < end && (bytes[i] === BLANK || bytes[i] === tab)) i++;
    return i;
  }
}

function numberWithComma(bytes: Uint8Array, start: number, end: number): number | null {
  const text = byteText(bytes, start, end).trim();
  return /^[-+]?\d+,\d+(?:[eE][-+]?\d+)?$/.test(text) ? Number(text.replace(",", ".")) : null;
}
