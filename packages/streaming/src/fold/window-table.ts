import type { Nulls } from "../columns/nulls-from-validity.ts";
import { KeyTable } from "../keys/key-table.ts";
import type { ByteReader } from "./byte-reader.ts";
import type { ByteWriter } from "./byte-writer.ts";

/** How positions (rows, steps, microseconds) are cut: window j covers j * slide <= position < (j + overlap) * slide. */
export interface WindowCut {
  readonly slide: number;
  /** How many windows a position lies in. */
  readonly overlap: number;
  /** How far behind the latest position a window is kept open after its end; null for ever. */
  readonly lateness: number | null;
}

/**
 * Says which windows rows lie in, and counts those that lie in none.
 *
 * Rows are sorted into panes of one `slide`, and a window is the merge of its panes. A window closes for a row where some
 * row before it, in the order of all sources, reached the window's end and `lateness` beyond; the row is late where all
 * of its windows are closed. So a cell is a pane and how many of its windows had passed. Which they are depends on the
 * latest position before the row alone, hence partial tables of consecutive rows append to the table of all rows,
 * wherever they were cut: a cell whose windows all turn out to have passed before is late as a whole.
 */
export class WindowTable {
  readonly cut: WindowCut;
  readonly #keys: KeyTable;
  /** Rows of each cell. */
  #rows: Float64Array;
  #latest = -Infinity;
  /** Rows that came too late for all of their windows. */
  late = 0;
  /** Rows without a position. */
  missing = 0;

  constructor(
    cut: WindowCut,
    keys: KeyTable = KeyTable.ofWidth(2),
    rows: Float64Array = new Float64Array(64),
  ) {
    this.cut = cut;
    this.#keys = keys;
    this.#rows = rows;
  }

  /** How many cells there are. */
  get length(): number {
    return this.#keys.length;
  }

  /** Adds rows in their order. @returns `cells`, with the cell of each; -1 for a row in no window. */
  addRows(positions: Float32Array | Float64Array, nulls: Nulls, cells: Int32Array): Int32Array {
    let closed = this.#closedAt(this.#latest);
    let pane = Number.NaN;
    let passed = 0;
    let cell = -1;
    for (let i = 0; i < cells.length; i++) {
      if (nulls?.[i] === 1) {
        this.missing++;
        cells[i] = -1;
        continue;
      }
      const position = positions[i]!;
      const own = paneOf(position, this.cut.slide);
      const gone = Math.max(0, closed - own + this.cut.overlap);
      if (own !== pane || gone !== passed) {
        pane = own;
        passed = gone;
        cell = this.#cellOf(pane, passed);
      }
      if (cell === -1) this.late++;
      else this.#rows[cell]!++;
      cells[i] = cell;
      if (position > this.#latest) {
        this.#latest = position;
        closed = this.#closedAt(position);
      }
    }
    return cells;
  }

  /** Adds what a table of the rows that follow holds. @returns the cell here of each of its cells; -1 where that is late. */
  append(other: WindowTable): Int32Array {
    const closed = this.#closedAt(this.#latest);
    const cells = Int32Array.from({ length: other.length }, (_, id) => {
      const { pane, passed } = other.cellAt(id);
      const cell = this.#cellOf(pane, Math.max(passed, closed - pane + this.cut.overlap));
      if (cell === -1) this.late += other.#rows[id]!;
      else this.#rows[cell]! += other.#rows[id]!;
      return cell;
    });
    this.late += other.late;
    this.missing += other.missing;
    this.#latest = Math.max(this.#latest, other.#latest);
    return cells;
  }

  /** Takes all rows out; the room stays. */
  clear(): void {
    this.#keys.clear();
    this.#rows.fill(0);
    this.#latest = -Infinity;
    this.late = 0;
    this.missing = 0;
  }

  /** The pane of a cell, and how many of its windows, from the first, the rows of the cell are not in. */
  cellAt(id: number): { readonly pane: number; readonly passed: number } {
    const [pane, passed] = this.#keys.valuesAt(id);
    const [panes, counts] = this.#keys.columns;
    return { pane: panes!.numbers()![pane!]!, passed: counts!.numbers()![passed!]! };
  }

  write(out: ByteWriter): void {
    this.#keys.write(
      out,
      Int32Array.from({ length: this.length }, (_, cell) => cell),
    );
    out.doubles(this.#rows.subarray(0, this.length));
    for (const one of [this.#latest, this.late, this.missing]) out.float64(one);
  }

  /** @throws LF_STATE_DAMAGED */
  static read(from: ByteReader, cut: WindowCut): WindowTable {
    const keys = KeyTable.read(from, 2);
    const rows = from.doubles();
    const table = new WindowTable(cut, keys, rows);
    const [latest, late, missing] = [from.float64(), from.float64(), from.float64()];
    const areNumbers = keys.columns.every((column) => column.numbers()?.every(Number.isInteger) === true);
    const areCounts = [...rows, late, missing].every((count) => Number.isSafeInteger(count) && count >= 0);
    const [, passed] = keys.columns;
    const arePassed = passed!.numbers()?.every((count) => count >= 0 && count < cut.overlap) === true;
    if (!areNumbers || !areCounts || !arePassed || rows.length !== keys.length || Number.isNaN(latest))
      throw from.damaged();
    table.#latest = latest;
    table.late = late;
    table.missing = missing;
    return table;
  }

  #cellOf(pane: number, passed: number): number {
    if (passed >= this.cut.overlap) return -1;
    const [panes, counts] = this.#keys.columns;
    const cell = this.#keys.idOf([panes!.ofNumber(pane), counts!.ofNumber(Math.max(0, passed))]);
    if (cell >= this.#rows.length) {
      const rows = new Float64Array(Math.max(64, 2 * cell));
      rows.set(this.#rows);
      this.#rows = rows;
    }
    return cell;
  }

  /** The number of the last window that is closed once a row has reached `latest`. */
  #closedAt(latest: number): number {
    const { slide, overlap, lateness } = this.cut;
    if (lateness === null || latest === -Infinity) return -Infinity;
    return paneOf(latest - lateness, slide) - overlap;
  }
}

/** The greatest k with k * slide <= position, in the arithmetic of doubles, so that windows hold what their ends say. */
function paneOf(position: number, slide: number): number {
  const pane = Math.floor(position / slide);
  if (pane * slide > position) return pane - 1;
  return (pane + 1) * slide <= position ? pane + 1 : pane;
}
