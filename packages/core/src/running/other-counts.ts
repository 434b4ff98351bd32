import type { TakeDoubles } from "../sum/take-doubles.ts";
import { checkedCount, isCount } from "./cell-count.ts";
import { damagedTable, orderedRecords, sizedBlock } from "./table-blocks.ts";

/** Why a row has no loss; `missingRows` are rows whose number of elements is not known yet. */
export type LeftOutKind = "missing" | "ignored" | "missingRows";

/** Whether it is one of these, from callers without types. */
export function isLeftOutKind(kind: unknown): kind is LeftOutKind {
  return kind === "missing" || kind === "ignored" || kind === "missingRows";
}

/** What of a cell is no finite loss. */
export interface OtherCountsOfCell {
  readonly nan: number;
  readonly posInf: number;
  readonly negInf: number;
  readonly missing: number;
  readonly ignored: number;
  readonly missingRows: number;
  /** Which weighted terms were met: bit 0 of NaN, bit 1 of +Infinity, bit 2 of -Infinity. */
  readonly terms: number;
}

/** Those of a cell that has none. */
export const NO_OTHERS: OtherCountsOfCell = {
  nan: 0,
  posInf: 0,
  negInf: 0,
  missing: 0,
  ignored: 0,
  missingRows: 0,
  terms: 0,
};

/** Keeps what of the cells of a table is no finite loss, in 56 bytes a cell. */
export class OtherCounts {
  #counts: Float64Array;

  /** Makes `length` cells of nothing. */
  constructor(length: number) {
    this.#counts = new Float64Array(SIZE * length);
  }

  /** Makes room for `length` cells; those that are there stay. */
  grow(length: number): void {
    const counts = new Float64Array(SIZE * length);
    counts.set(this.#counts.subarray(0, counts.length));
    this.#counts = counts;
  }

  /** Counts the loss `x`, which is NaN or infinite. */
  addNonFinite(cell: number, x: number, weight: number): void {
    const at = SIZE * cell;
    this.#counts[at + (x > 0 ? POS_INF : x < 0 ? NEG_INF : NAN)]! += 1;
    const term = x * weight;
    this.#counts[at + TERMS]! |= term > 0 ? 2 : term < 0 ? 4 : 1;
  }

  addLeftOut(cell: number, kind: LeftOutKind, count: number): void {
    this.#counts[SIZE * cell + LEFT_OUT[kind]]! += count;
  }

  /** Adds cell `from` of `other`, which stays as it is. */
  merge(cell: number, other: OtherCounts, from: number): void {
    for (let k = 0; k < TERMS; k++) this.#counts[SIZE * cell + k]! += other.#counts[SIZE * from + k]!;
    this.#counts[SIZE * cell + TERMS]! |= other.#counts[SIZE * from + TERMS]!;
  }

  /** @throws LF_COUNT where a count is beyond 2^53. */
  at(cell: number): OtherCountsOfCell {
    const read = (k: number): number => checkedCount(this.#counts[SIZE * cell + k] ?? 0);
    return {
      nan: read(NAN),
      posInf: read(POS_INF),
      negInf: read(NEG_INF),
      missing: read(LEFT_OUT.missing),
      ignored: read(LEFT_OUT.ignored),
      missingRows: read(LEFT_OUT.missingRows),
      terms: read(TERMS),
    };
  }

  /** Makes the first `length` cells those of nothing. */
  clear(length: number): void {
    this.#counts.fill(0, 0, SIZE * length);
  }

  /** Writes the cells as plain numbers: cell i is `order[i]`. */
  toNumbers(order: Int32Array, take: TakeDoubles): Float64Array {
    return orderedRecords(this.#counts, SIZE, order, take);
  }

  /** Reads `length` cells; they share the memory of `numbers`. @throws LF_STATE_DAMAGED for anything that toNumbers would not write. */
  static fromNumbers(numbers: Float64Array, length: number): OtherCounts {
    const others = new OtherCounts(0);
    others.#counts = sizedBlock(numbers, SIZE * length);
    if (!numbers.every(isCount)) throw damagedTable();
    return others;
  }
}

/** Numbers of a cell, and where each stands among them. */
const SIZE = 7;
const [NAN, POS_INF, NEG_INF, TERMS] = [0, 1, 2, 6];
const LEFT_OUT = { missing: 3, ignored: 4, missingRows: 5 } as const;
