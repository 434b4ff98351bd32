import { RunningLoss, type RunningLossOptions, type RunningLossState } from "@lossflow/core";
import { LossTable, SumTable } from "@lossflow/core/running";
import type { RowRoom } from "../columns/row-room.ts";

/** Losses with their cells and rows: loss i is of cell `at[i]`, a negative one left out, and of row `rows[i]` or `firstRow + i`. */
export interface LossesOfRows {
  readonly at: Int32Array;
  /** More than the highest cell. */
  readonly cellCount: number;
  readonly losses: Float64Array;
  readonly count: number;
  /** Ascending. */
  readonly rows: Float64Array | null;
  readonly firstRow: number;
}

/**
 * Adds up losses of few cells, many rows each, exactly and at a fraction of what a {@link LossTable} takes a row, until they
 * are handed on to one.
 *
 * A cell has two windows of 43 bits, the upper one below 2^top: each loss is split into a multiple of 2^(top - 43), one of
 * 2^(top - 87) and what is left, mostly nothing, by adding and subtracting 1.5 * 2^52 such units; 1,024 losses add up in
 * each window without rounding, and then move to a {@link SumTable}. So do losses above 2^top, and what is left.
 */
export class CellSums {
  readonly #options: RunningLossOptions;
  #length = 0;
  /** Of each cell the losses whose windows have been emptied, least loss and its row, greatest and its row, and both windows. */
  #cells: Float64Array = new Float64Array(0);
  /** Of each cell how many losses its windows have room for. */
  #room: Int32Array = new Int32Array(0);
  #rest: SumTable = new SumTable(0);
  /** What the windows take is at most 2^top; null while there was nothing. */
  #top: number | null = null;
  readonly #strays: Strays = {
    cells: new Int32Array(MOST_STRAYS),
    values: new Float64Array(MOST_STRAYS),
    length: 0,
  };

  /** @param options what the table that takes them was made with, which has no parts. */
  constructor(options: RunningLossOptions) {
    this.#options = options;
  }

  /** Adds losses; those that are not finite are left to `odd`, by their place. */
  add(added: LossesOfRows, odd: (i: number) => void): void {
    const { at, cellCount, losses, count, rows, firstRow } = added;
    this.#extend(cellCount);
    this.#top ??= topOf(losses, count);
    const limit = 2 ** this.#top;
    let strays = 0;
    for (let i = 0; i < count;) {
      i = addUntilStopped(added, i, this.#cells, this.#room, this.#top, this.#strays);
      const { cells, values, length } = this.#strays;
      for (let k = 0; k < length; k++) this.#rest.add(cells[k]!, values[k]!);
      strays += length;
      if (i === count) break;
      const [cell, x] = [at[i]!, losses[i]!];
      if (this.#room[cell] === 0) this.#empty(cell);
      else if (x - x !== 0) odd(i++);
      else if (Math.abs(x) > limit) {
        this.#addBesides(cell, x, rows === null ? firstRow + i : rows[i]!);
        strays++;
        i++;
      }
    }
    if (strays > count / 16) this.#choose(losses, count);
  }

  /**
   * Hands all on to a table, to a running loss of all cells where one is given, and begins anew.
   * @param room where that is worked out.
   */
  drainInto(table: LossTable, total: RunningLossState | null, room: RowRoom): void {
    const length = this.#length;
    if (length === 0) return;
    const cells = this.#cells;
    const order = room.ints(length);
    const figures = room.doubles(5 * length);
    for (let cell = 0; cell < length; cell++) {
      order[cell] = cell;
      const from = CELL * cell;
      this.#empty(cell);
      if (cells[from] === 0) continue;
      figures[5 * cell] = cells[from]!;
      for (let k = MIN; k < UPPER; k++) figures[5 * cell + k] = cells[from + k]!;
    }
    const take = (size: number): Float64Array => room.doubles(size);
    const part = tableOf(figures, this.#rest.toNumbers(order, take), this.#options, take);
    table.merge(part, order);
    if (total !== null) {
      const all = new LossTable(this.#options);
      all.merge(part, order.fill(0));
      RunningLoss.merge(total, all.stateAt(0));
    }
    this.#rest.clearAll(length);
    this.#begin(0, length);
    this.#length = 0;
    this.#top = null;
  }

  #extend(length: number): void {
    if (length > this.#length) this.#length = length;
    const before = this.#rest.length;
    if (length <= before) return;
    const capacity = Math.max(64, length, Math.floor(1.5 * before));
    const cells = new Float64Array(CELL * capacity);
    cells.set(this.#cells);
    this.#cells = cells;
    const room = new Int32Array(capacity);
    room.set(this.#room);
    this.#room = room;
    this.#rest.grow(capacity);
    this.#begin(before, capacity);
  }

  /** Makes cells those of nothing. */
  #begin(from: number, to: number): void {
    this.#cells.fill(0, CELL * from, CELL * to);
    this.#room.fill(FULL, from, to);
    for (let cell = from; cell < to; cell++) {
      this.#cells[CELL * cell + MIN] = Infinity;
      this.#cells[CELL * cell + MAX] = -Infinity;
    }
  }

  /** Moves what the windows of a cell hold. */
  #empty(cell: number): void {
    const from = CELL * cell;
    const cells = this.#cells;
    this.#rest.add(cell, cells[from + UPPER]!);
    this.#rest.add(cell, cells[from + LOWER]!);
    cells[from + UPPER] = 0;
    cells[from + LOWER] = 0;
    cells[from]! += FULL - this.#room[cell]!;
    this.#room[cell] = FULL;
  }

  /** Adds a loss that is beyond the windows. */
  #addBesides(cell: number, x: number, row: number): void {
    const from = CELL * cell;
    const cells = this.#cells;
    cells[from]! += 1;
    if (x < cells[from + MIN]!) {
      cells[from + MIN] = x;
      cells[from + MIN + 1] = row;
    }
    if (x > cells[from + MAX]!) {
      cells[from + MAX] = x;
      cells[from + MAX + 1] = row;
    }
    this.#rest.add(cell, x);
  }

  /** Has the windows fit losses such as these. */
  #choose(losses: Float64Array, count: number): void {
    const top = topOf(losses, count);
    if (top === this.#top) return;
    for (let cell = 0; cell < this.#length; cell++) this.#empty(cell);
    this.#top = top;
  }
}

/** Numbers of cells that their windows did not take. */
interface Strays {
  readonly cells: Int32Array;
  readonly values: Float64Array;
  length: number;
}

/**
 * Adds losses from `start` on until one is not finite or beyond the windows, its cell has no room, or there are as many
 * strays as are taken: nothing is called meanwhile, else it takes twice the time.
 * @returns the place of the loss that is next.
 */
function addUntilStopped(
  { at, losses, count, rows, firstRow }: LossesOfRows,
  start: number,
  cells: Float64Array,
  room: Int32Array,
  top: number,
  strays: Strays,
): number {
  const { cells: strayCells, values: strayValues } = strays;
  const limit = 2 ** top;
  const upper = 1.5 * 2 ** (top - 43 + 52);
  const lower = 1.5 * 2 ** (top - 87 + 52);
  const most = strayValues.length;
  let length = 0;
  let i = start;
  for (; i < count && length < most; i++) {
    const cell = at[i]!;
    const x = losses[i]!;
    if (cell < 0) continue;
    const left = room[cell]!;
    if (!(Math.abs(x) <= limit) || left === 0) break;
    room[cell] = left - 1;
    const from = CELL * cell;
    if (x < cells[from + MIN]!) {
      cells[from + MIN] = x + 0;
      cells[from + MIN + 1] = rows === null ? firstRow + i : rows[i]!;
    }
    if (x > cells[from + MAX]!) {
      cells[from + MAX] = x + 0;
      cells[from + MAX + 1] = rows === null ? firstRow + i : rows[i]!;
    }
    const head = x + upper - upper;
    const tail = x - head;
    const next = tail + lower - lower;
    cells[from + UPPER]! += head;
    cells[from + LOWER]! += next;
    if (tail === next) continue;
    strayCells[length] = cell;
    strayValues[length++] = tail - next;
  }
  strays.length = length;
  return i;
}

/**
 * The least k with all finite |x| <= 2^k, or one less where the logarithm is rounded down; from -900 to 900, where both windows
 * lie within float64.
 */
function topOf(losses: Float64Array, count: number): number {
  let most = 0;
  for (let i = 0; i < count; i++) {
    const size = Math.abs(losses[i]!);
    if (size > most && size < Infinity) most = size;
  }
  return Math.max(-900, Math.min(900, Math.ceil(Math.log2(most))));
}

/** Makes a table of what {@link LossTable.toNumbers} would write: a header, the figures of the cells, their sums. */
function tableOf(
  figures: Float64Array,
  sums: Float64Array,
  options: RunningLossOptions,
  take: (size: number) => Float64Array,
): LossTable {
  const header = [1, figures.length / 5, 0, 0, figures.length, sums.length];
  const numbers = take(header.length + figures.length + sums.length);
  numbers.set(header);
  numbers.set(figures, header.length);
  numbers.set(sums, header.length + figures.length);
  return LossTable.fromNumbers(numbers, options);
}

/** Numbers of a cell, and where they stand. */
const CELL = 8;
const [MIN, MAX, UPPER, LOWER] = [1, 3, 5, 6] as const;
const FULL = 1024;
const MOST_STRAYS = 256;
