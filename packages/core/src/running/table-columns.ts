import { LossflowError } from "../error.ts";
import { refuse } from "../input/refuse.ts";
import { SumTable } from "../sum/sum-table.ts";
import type { TakeDoubles } from "../sum/take-doubles.ts";
import { isCount } from "./cell-count.ts";
import { areExtremes, CELL, mergeExtremes } from "./cell-extremes.ts";
import { OtherCounts } from "./other-counts.ts";
import {
  blocksFromNumbers,
  damagedTable,
  MOST_CELLS,
  numbersFromBlocks,
  orderedRecords,
  sizedBlock,
} from "./table-blocks.ts";

/** The columns of a table of running losses, one entry a cell, with room for more; they grow together. */
export class TableColumns {
  /** How many cells there are. */
  length = 0;
  /** Of each cell what {@link CELL} says. */
  cells: Float64Array = new Float64Array(0);
  sums: SumTable = new SumTable(0);
  /** While no loss has had a weight, the sum of the weights is the count of the finite losses. */
  weights: SumTable | null = null;
  /** Absent while no cell has any. */
  others: OtherCounts | null = null;
  readonly parts: readonly { readonly weighted: boolean; sums: SumTable }[];
  #capacity = 0;

  constructor(parts: readonly { readonly weighted: boolean }[]) {
    this.parts = parts.map(({ weighted }) => ({ weighted, sums: new SumTable(0) }));
  }

  /** Makes cells up to, without, `length`. @throws LF_COUNT as LossTable.extend; the columns stay as they were. */
  extend(length: number): void {
    if (!(isCount(length) && length <= MOST_CELLS))
      refuse("LF_COUNT", "number of cells of a table", length, "a whole number from 0 to 2^28");
    if (length > this.#capacity)
      this.#grow(Math.min(MOST_CELLS, Math.max(64, length, Math.floor(1.5 * this.#capacity))));
    if (length > this.length) this.length = length;
  }

  /** Makes room for `capacity` cells. */
  #grow(capacity: number): void {
    try {
      this.cells = grown(this.cells, CELL * capacity);
      this.others?.grow(capacity);
      this.sums.grow(capacity);
      this.weights?.grow(capacity);
      for (const { sums } of this.parts) sums.grow(capacity);
    } catch (cause) {
      const message = `There is no memory for the ${capacity} cells of a table of running losses.`;
      throw new LossflowError("LF_COUNT", message, { got: String(capacity) }, { cause });
    }
    this.#capacity = capacity;
  }

  /** Takes all cells out; their room stays. */
  clear(): void {
    this.cells.fill(0, 0, CELL * this.length);
    this.others?.clear(this.length);
    this.sums.clearAll(this.length);
    this.weights?.clearAll(this.length);
    for (const { sums } of this.parts) sums.clearAll(this.length);
    this.length = 0;
  }

  /** The counts of all but finite losses, from now on. */
  needOthers(): OtherCounts {
    return (this.others ??= new OtherCounts(this.#capacity));
  }

  /** The sums of weights, from now on; before, each loss weighed 1. */
  needWeights(): SumTable {
    if (this.weights !== null) return this.weights;
    this.weights = new SumTable(this.#capacity);
    for (let cell = 0; cell < this.length; cell++) this.weights.add(cell, this.cells[CELL * cell]!);
    return this.weights;
  }

  /** Adds cell `from` of `other`, columns with the same parts, to a cell that there is. */
  mergeCell(cell: number, other: TableColumns, from: number): void {
    if (other.weights !== null) this.needWeights();
    mergeExtremes(this.cells, cell, other.cells, from);
    this.sums.merge(cell, other.sums, from);
    if (other.weights !== null) this.weights!.merge(cell, other.weights, from);
    else this.weights?.add(cell, other.cells[CELL * from]!);
    for (let k = 0; k < this.parts.length; k++) this.parts[k]!.sums.merge(cell, other.parts[k]!.sums, from);
    if (other.others !== null) this.needOthers().merge(cell, other.others, from);
  }

  /** Writes the cells that `order` names, in that order, as blocks of plain numbers. */
  toNumbers(order: Int32Array, take: TakeDoubles): readonly Float64Array[] {
    const blocks = [
      orderedRecords(this.cells, CELL, order, take),
      this.sums.toNumbers(order, take),
      ...(this.weights === null ? [] : [this.weights.toNumbers(order, take)]),
      ...(this.others === null ? [] : [this.others.toNumbers(order, take)]),
      ...this.parts.map(({ sums }) => sums.toNumbers(order, take)),
    ];
    const has = { weights: this.weights !== null, others: this.others !== null, parts: this.parts.length };
    return numbersFromBlocks(blocks, order.length, has);
  }

  /**
   * Reads what {@link TableColumns.toNumbers} wrote of columns with the same parts into these, which are empty; they share its
   * memory until they grow.
   * @throws LF_STATE_VERSION, LF_STATE_DAMAGED as LossTable.fromNumbers.
   */
  readNumbers(numbers: Float64Array): void {
    const { length, has, next, end } = blocksFromNumbers(numbers, this.parts.length);
    this.length = length;
    this.#capacity = length;
    this.cells = sizedBlock(next(), CELL * length);
    if (!areExtremes(this.cells)) throw damagedTable();
    this.sums = SumTable.fromNumbers(next(), length);
    if (has.weights) this.weights = SumTable.fromNumbers(next(), length);
    if (has.others) this.others = OtherCounts.fromNumbers(next(), length);
    for (const part of this.parts) part.sums = SumTable.fromNumbers(next(), length);
    end();
  }
}

function grown(old: Float64Array, size: number): Float64Array {
  const array = new Float64Array(size);
  // Where there was no memory for the others the old one may be longer.
  array.set(old.subarray(0, size));
  return array;
}
