import type { LineProgram } from "../scan/line-program.ts";
import type { RowShape } from "../scan/row-shape.ts";
import { programFromRow } from "./row-program.ts";
import { NUMBER, type RowScanner } from "./row-scanner.ts";
import type { TableColumns } from "./table-columns.ts";

/** Kinds of a table that are known at once, and how often one is learned anew where its blanks change. */
const MOST_KINDS = 64;
const MOST_TRIES = 16;

/** Rows that hold numbers in the same cells: those of training, say, where those of validation leave other cells empty. */
export interface RowKind {
  program: LineProgram;
  /** How the numbers are taken as columns; null where each row needs a look by itself. */
  readonly shape: RowShape | null;
  /** What each cell holds. */
  readonly kinds: Uint8Array;
  /** The cells that hold numbers, and where those of a row go. */
  readonly cells: readonly number[];
  readonly values: Float64Array;
  /** Rows read by the program. */
  rows: number;
  tries: number;
  successor: RowKind | null;
}

/** Knows the kinds of rows of one table, and which follows which. */
export class RowKinds {
  readonly #columns: TableColumns;
  readonly #separator: number;
  readonly #handles: Int32Array;
  readonly #fixed: boolean;
  readonly #kinds = new Map<string, RowKind>();
  #last: RowKind | null = null;

  /** `handles`: the series of each column, once it has a point. `fixed`: times are as they stand. */
  constructor(columns: TableColumns, separator: number, handles: Int32Array, fixed: boolean) {
    this.#columns = columns;
    this.#separator = separator;
    this.#handles = handles;
    this.#fixed = fixed;
  }

  /** The kind that the next row will be of. */
  get expected(): RowKind | null {
    return this.#last?.successor ?? null;
  }

  /** Notes that `rows` of a kind were read. */
  follow(kind: RowKind, rows: number): void {
    if (this.#last !== null) this.#last.successor = kind;
    if (rows > 1) kind.successor = kind;
    this.#last = kind;
  }

  /** Learns from a row that was read cell by cell; its points were delivered. */
  learn(row: RowScanner, bytes: Uint8Array, start: number, end: number): void {
    const kinds = row.kinds.slice(0, row.cells);
    const key = kinds.join("");
    const known = this.#kinds.get(key);
    if (known !== undefined) {
      if (known === this.expected && known.tries < MOST_TRIES) {
        known.tries++;
        known.program = programFromRow(row, this.#separator, bytes, start, end) ?? known.program;
      }
      this.follow(known, 1);
      return;
    }
    const program = programFromRow(row, this.#separator, bytes, start, end);
    if (program === null || this.#kinds.size >= MOST_KINDS) {
      this.#last = null;
      return;
    }
    const cells: number[] = [];
    kinds.forEach((kind, cell) => {
      if (kind === NUMBER) cells.push(cell);
    });
    const kind: RowKind = {
      program,
      shape: this.#shapeOf(cells),
      kinds,
      cells,
      values: new Float64Array(cells.length),
      rows: 0,
      tries: 0,
      successor: null,
    };
    this.#kinds.set(key, kind);
    this.follow(kind, 2);
  }

  #shapeOf(cells: readonly number[]): RowShape | null {
    const { step, epoch, time, rank, metric, points } = this.#columns;
    if (metric >= 0 || (time >= 0 && !this.#fixed)) return null;
    const numbered = points.filter((column) => cells.includes(column));
    return {
      axes: [step, epoch, time, rank].map((column) => cells.indexOf(column)),
      series: numbered.map((column) => this.#handles[column]!),
      slots: numbered.map((column) => cells.indexOf(column)),
      isText: false,
    };
  }
}
