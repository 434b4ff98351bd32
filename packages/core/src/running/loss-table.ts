import { LossflowError } from "../error.ts";
import type { Numbers, WholeLoss } from "../loss.ts";
import { nonFiniteLoss } from "../state/add-non-finite.ts";
import { create, type RunningLossOptions, type RunningLossState } from "../state/running-loss-state.ts";
import {
  nonFiniteTerm,
  reduce,
  value,
  type RunningLossValue,
  type RunningReduction,
} from "../state/state-value.ts";
import { quotientFromHeads } from "../sum/quotient-from-heads.ts";
import { SumTable } from "../sum/sum-table.ts";

/** Options of {@link LossTable}. */
export type LossTableOptions = Pick<RunningLossOptions, "nan" | "parts">;

/** Options of {@link LossTable.addArray}. */
export interface AddToTableOptions {
  /** One a value, finite and not 0; 1 where not given. */
  readonly weights?: Numbers | undefined;
  /** The row of each value; where not given they follow the first. */
  readonly rows?: Numbers | undefined;
  /** The row of `values[0]`. Default: rows are not named. */
  readonly firstRow?: number | undefined;
}

/**
 * Keeps the running losses of many cells (groups, windows) in arrays: 64 bytes a cell, 24 more with weights, 56 more
 * once a cell of the table has anything but finite losses, and what the sums of extreme losses need besides.
 *
 * A cell holds what a RunningLossState without squares does, and gives the same figures to the last bit; any order and
 * grouping of adding and merging does. The table grows by itself; a cell that nothing was added to is that of no rows.
 */
export class LossTable {
  readonly #policy: NonNullable<RunningLossOptions["nan"]>;
  readonly #parts: readonly { readonly weighted: boolean; sums: SumTable }[];
  #length = 0;
  #capacity = 0;
  /** Of each cell: finite losses, minimum, maximum, and the rows they came from. */
  #cells: Float64Array = new Float64Array(0);
  #sums: SumTable = new SumTable(0);
  /** While no loss has had a weight, the sum of the weights is the count of the finite losses. */
  #weights: SumTable | null = null;
  /** Of each cell: what OTHERS names; absent while all is 0. */
  #others: Float64Array | null = null;
  readonly #heads: readonly [Float64Array, Float64Array] = [new Float64Array(2), new Float64Array(2)];

  constructor({ nan = "count", parts = [] }: LossTableOptions = {}) {
    this.#policy = nan;
    this.#parts = parts.map(({ weighted }) => ({ weighted, sums: new SumTable(0) }));
  }

  /** How many cells there are: one more than the highest that was added to or asked for. */
  get length(): number {
    return this.#length;
  }

  /** Makes cells up to, without, `length`. */
  extend(length: number): void {
    if (length <= this.#length) return;
    this.#length = length;
    if (length <= this.#capacity) return;
    this.#capacity = Math.max(64, length, Math.floor(1.5 * this.#capacity));
    this.#cells = grown(this.#cells, CELL * this.#capacity);
    if (this.#others !== null) this.#others = grown(this.#others, OTHERS.length * this.#capacity);
    this.#sums.grow(this.#capacity);
    this.#weights?.grow(this.#capacity);
    for (const { sums } of this.#parts) sums.grow(this.#capacity);
  }

  /**
   * Adds loss i to cell `at[i]`, for 0 <= i < count; a negative cell leaves it out.
   * @throws LF_NON_FINITE under the policy `throw`; what stands before has been added.
   */
  addArray(at: Int32Array, values: Float64Array, count: number, options: AddToTableOptions = {}): void {
    const { weights, rows, firstRow = Infinity } = options;
    this.extend(highest(at, count) + 1);
    if (weights !== undefined) this.#needWeights();
    const cells = this.#cells;
    const sums = this.#sums;
    const weightSums = this.#weights;
    for (let i = 0; i < count; i++) {
      const cell = at[i]!;
      if (cell < 0) continue;
      const x = values[i]!;
      const row = rows === undefined ? firstRow + i : rows[i]!;
      // NaN and infinities alone differ from themselves by no number.
      if (x - x !== 0) {
        this.#addNonFinite(cell, x, weights === undefined ? 1 : weights[i]!, row);
        continue;
      }
      const from = CELL * cell;
      const before = cells[from]!;
      cells[from] = before + 1;
      if (before === 0 || x < cells[from + 1]! || (x === cells[from + 1]! && row < cells[from + 2]!)) {
        cells[from + 1] = x + 0;
        cells[from + 2] = row;
      }
      if (before === 0 || x > cells[from + 3]! || (x === cells[from + 3]! && row < cells[from + 4]!)) {
        cells[from + 3] = x + 0;
        cells[from + 4] = row;
      }
      if (weights === undefined) {
        sums.add(cell, x);
        weightSums?.add(cell, 1);
      } else {
        sums.addProduct(cell, x, weights[i]!);
        weightSums!.add(cell, weights[i]!);
      }
    }
  }

  /**
   * Adds the parts of unit i, `parts[k][i]`, to cell `at[i]`, as RunningLoss.addParts does.
   * @throws LF_NON_FINITE under the policy `throw`; what stands before has been added.
   */
  addParts(
    at: Int32Array,
    parts: readonly Float64Array[],
    count: number,
    options: AddToTableOptions = {},
  ): void {
    const { weights, rows, firstRow = Infinity } = options;
    this.extend(highest(at, count) + 1);
    if (weights !== undefined) this.#needWeights();
    for (let i = 0; i < count; i++) {
      const cell = at[i]!;
      if (cell < 0) continue;
      const weight = weights === undefined ? 1 : weights[i]!;
      let term = 0;
      for (const part of parts) term += Number.isFinite(part[i]!) ? 0 : part[i]!;
      if (term !== 0) {
        this.#addNonFinite(cell, term, weight, rows === undefined ? firstRow + i : rows[i]!);
        continue;
      }
      this.#cells[CELL * cell]!++;
      this.#weights?.add(cell, weight);
      this.#parts.forEach(({ weighted, sums }, k) => {
        if (weighted && weights !== undefined) sums.addProduct(cell, parts[k]![i]!, weight);
        else sums.add(cell, parts[k]![i]!);
      });
    }
  }

  /** Counts what was not evaluated in a cell; `missingRows` are rows whose number of elements is not known yet. */
  addLeftOut(cell: number, kind: "missing" | "ignored" | "missingRows", count: number): void {
    if (count === 0 || cell < 0) return;
    this.extend(cell + 1);
    this.#needOthers()[OTHERS.length * cell + LEFT_OUT[kind]]! += count;
  }

  /** Adds cell i of `other` to cell `at[i]`, left out where that is negative; `other` stays as it is. */
  merge(other: LossTable, at: Int32Array): void {
    this.extend(highest(at, other.#length) + 1);
    for (let i = 0; i < other.#length; i++) if (at[i]! >= 0) this.mergeCell(at[i]!, other, i);
  }

  /** Adds cell `from` of `other`, which stays as it is, to a cell. */
  mergeCell(cell: number, other: LossTable, from: number): void {
    this.extend(cell + 1);
    if (other.#weights !== null) this.#needWeights();
    this.#mergeExtremes(CELL * cell, other.#cells, CELL * from);
    this.#sums.merge(cell, other.#sums, from);
    if (other.#weights !== null) this.#weights!.merge(cell, other.#weights, from);
    else this.#weights?.add(cell, other.#cells[CELL * from]!);
    for (let k = 0; k < this.#parts.length; k++)
      this.#parts[k]!.sums.merge(cell, other.#parts[k]!.sums, from);
    if (other.#others !== null) addOthers(this.#needOthers(), cell, other.#others, from);
  }

  /** Takes all cells out; their room stays. */
  clear(): void {
    this.#cells.fill(0, 0, CELL * this.#length);
    this.#others?.fill(0, 0, OTHERS.length * this.#length);
    this.#sums.clearAll(this.#length);
    this.#weights?.clearAll(this.#length);
    for (const { sums } of this.#parts) sums.clearAll(this.#length);
    this.#length = 0;
  }

  /** Makes a table of no cells with the options of this one. */
  emptied(): LossTable {
    return new LossTable({ nan: this.#policy, parts: this.#parts });
  }

  /** The state of a cell as one of its own; a row of `missingRows` is as many missing losses as it has `elements`. */
  stateAt(cell: number, elements: number = 1): RunningLossState {
    const from = CELL * cell;
    const finite = this.#countAt(cell);
    const others = this.#othersAt(cell);
    const state = create({
      nan: this.#policy,
      squares: false,
      parts: this.#parts.map(({ weighted }) => ({ weighted })),
    });
    state.finite = finite;
    state.nan = others.nan;
    state.posInf = others.posInf;
    state.negInf = others.negInf;
    state.missing = others.missing + others.missingRows * elements;
    state.ignored = others.ignored;
    state.nonFiniteTerms = others.terms;
    state.sum.merge(this.#sums.sumAt(cell));
    if (this.#weights === null) state.weightSum.addRepeated(1, finite);
    else state.weightSum.merge(this.#weights.sumAt(cell));
    this.#parts.forEach(({ sums }, k) => state.parts[k]!.sum.merge(sums.sumAt(cell)));
    if (finite > 0 && this.#parts.length === 0) {
      state.min = this.#cells[from + 1]!;
      state.minRow = this.#cells[from + 2]!;
      state.max = this.#cells[from + 3]!;
      state.maxRow = this.#cells[from + 4]!;
    }
    return state;
  }

  /** Reads a cell as RunningLoss.value and RunningLoss.reduce read its state, several times faster. */
  valueAt(
    cell: number,
    reduction: RunningReduction,
    options: { readonly elements?: number; readonly whole?: WholeLoss | undefined } = {},
  ): RunningLossValue & { readonly reduced: number | null } {
    const { elements = 1, whole } = options;
    const [sum, weight] = this.#heads;
    const finite = this.#countAt(cell);
    const quick = this.#parts.length === 0 && finite > 0 && this.#readHeads(cell, finite);
    const isZero = sum[0] === 0 && sum[1] === 0 && weight[0]! > 0;
    const mean = !quick ? null : isZero ? 0 : quotientFromHeads(sum[0]!, sum[1]!, weight[0]!, weight[1]!);
    const isMean = MEANS.has(reduction);
    if (mean === null || !(isMean || reduction === "sum")) {
      const state = this.stateAt(cell, elements);
      const read = value(state, whole);
      if (whole !== undefined) return { ...read, reduced: reduction === "sum" ? read.sum : read.mean };
      return { ...read, reduced: reduce(state, reduction) };
    }
    const { nan, posInf, negInf, missing, missingRows, ignored, terms } = this.#othersAt(cell);
    const from = CELL * cell;
    const count = finite + nan + posInf + negInf;
    const allMissing = missing + missingRows * elements;
    const term = nonFiniteTerm({ nanPolicy: this.#policy, nonFiniteTerms: terms });
    const [minRow, maxRow] = [this.#cells[from + 2]!, this.#cells[from + 4]!];
    return {
      rows: count + allMissing + ignored,
      count,
      finite,
      nan,
      posInf,
      negInf,
      missing: allMissing,
      ignored,
      weightSum: weight[0]!,
      sum: term ?? sum[0]!,
      mean: term ?? mean,
      min: this.#cells[from + 1]!,
      max: this.#cells[from + 3]!,
      minRow: Number.isFinite(minRow) ? minRow : null,
      maxRow: Number.isFinite(maxRow) ? maxRow : null,
      reduced: term ?? (isMean ? mean : sum[0]!),
    };
  }

  /**
   * Writes the table as blocks of plain numbers, which {@link LossTable.fromNumbers} reads one after the other: cell i is
   * `order[i]`, else all stand as they are. Equal tables may differ in them.
   */
  toNumbers(
    order: Int32Array = Int32Array.from({ length: this.#length }, (_, i) => i),
  ): readonly Float64Array[] {
    const { length } = order;
    const blocks = [
      ordered(this.#cells, CELL, order),
      this.#sums.toNumbers(order),
      ...(this.#weights === null ? [] : [this.#weights.toNumbers(order)]),
      ...(this.#others === null ? [] : [ordered(this.#others, OTHERS.length, order)]),
      ...this.#parts.map(({ sums }) => sums.toNumbers(order)),
    ];
    const flags = (this.#weights === null ? 0 : 1) + (this.#others === null ? 0 : 2);
    const header = [VERSION, length, flags, this.#parts.length, ...blocks.map((block) => block.length)];
    return [Float64Array.from(header), ...blocks];
  }

  /**
   * Reads what {@link LossTable.toNumbers} wrote of a table with the same options; the table shares its memory until
   * it grows.
   * @throws LF_STATE_VERSION for another version, LF_STATE_DAMAGED for anything that toNumbers would not write.
   */
  static fromNumbers(numbers: Float64Array, options: LossTableOptions = {}): LossTable {
    const [version, length, flags, partCount] = numbers;
    if (version !== VERSION) {
      throw new LossflowError(
        "LF_STATE_VERSION",
        `This table of running losses has version ${version}, and ${VERSION} is understood.`,
      );
    }
    const table = new LossTable(options);
    const isHeader =
      Number.isSafeInteger(length) && length! >= 0 && length! <= MOST_CELLS && [0, 1, 2, 3].includes(flags!);
    if (!isHeader || partCount !== table.#parts.length) throw damaged();
    const count = 2 + (flags! & 1) + (flags! >> 1) + partCount;
    let at = 4 + count;
    let next = 4;
    const block = (): Float64Array => {
      const size = numbers[next++];
      if (!(Number.isSafeInteger(size) && size! >= 0 && at + size! <= numbers.length)) throw damaged();
      at += size!;
      return numbers.subarray(at - size!, at);
    };
    table.#length = length!;
    table.#capacity = length!;
    table.#cells = sized(block(), CELL * length!);
    if (!areCells(table.#cells)) throw damaged();
    table.#sums = SumTable.fromNumbers(block(), length!);
    if ((flags! & 1) !== 0) table.#weights = SumTable.fromNumbers(block(), length!);
    if ((flags! & 2) !== 0) table.#others = sized(block(), OTHERS.length * length!);
    if (table.#others?.every(isCount) === false) throw damaged();
    for (const part of table.#parts) part.sums = SumTable.fromNumbers(block(), length!);
    if (at !== numbers.length) throw damaged();
    return table;
  }

  #addNonFinite(cell: number, x: number, weight: number, row: number): void {
    if (this.#policy === "throw") throw nonFiniteLoss(x, row);
    const others = this.#needOthers();
    const at = OTHERS.length * cell;
    others[at + (x > 0 ? POS_INF : x < 0 ? NEG_INF : NAN)]! += 1;
    const term = x * weight;
    others[at + TERMS]! |= term > 0 ? 2 : term < 0 ? 4 : 1;
  }

  #mergeExtremes(to: number, others: Float64Array, from: number): void {
    const cells = this.#cells;
    const count = others[from]!;
    if (count === 0) return;
    const before = cells[to]!;
    cells[to] = before + count;
    const [min, max] = [others[from + 1]!, others[from + 3]!];
    if (
      before === 0 ||
      min < cells[to + 1]! ||
      (min === cells[to + 1]! && others[from + 2]! < cells[to + 2]!)
    ) {
      cells[to + 1] = min;
      cells[to + 2] = others[from + 2]!;
    }
    if (
      before === 0 ||
      max > cells[to + 3]! ||
      (max === cells[to + 3]! && others[from + 4]! < cells[to + 4]!)
    ) {
      cells[to + 3] = max;
      cells[to + 4] = others[from + 4]!;
    }
  }

  /** Reads sum and weights of a cell into `#heads`. @returns false where that needs their exact digits. */
  #readHeads(cell: number, finite: number): boolean {
    const [sum, weight] = this.#heads;
    weight[0] = finite;
    weight[1] = 0;
    return this.#sums.headAt(cell, sum) && (this.#weights?.headAt(cell, weight) ?? true);
  }

  #countAt(cell: number): number {
    return checked(this.#cells[CELL * cell] ?? 0);
  }

  #othersAt(cell: number): Record<(typeof OTHERS)[number], number> {
    const read = (k: number): number => checked(this.#others?.[OTHERS.length * cell + k] ?? 0);
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

  #needOthers(): Float64Array {
    return (this.#others ??= new Float64Array(OTHERS.length * this.#capacity));
  }

  #needWeights(): void {
    if (this.#weights !== null) return;
    this.#weights = new SumTable(this.#capacity);
    for (let cell = 0; cell < this.#length; cell++) this.#weights.add(cell, this.#cells[CELL * cell]!);
  }
}

const VERSION = 1;
/** Numbers of a cell in `#cells`. */
const CELL = 5;
const OTHERS = ["nan", "posInf", "negInf", "missing", "ignored", "missingRows", "terms"] as const;
const [NAN, POS_INF, NEG_INF, TERMS] = [0, 1, 2, 6];
const LEFT_OUT = { missing: 3, ignored: 4, missingRows: 5 } as const;
const MOST_CELLS = 2 ** 28;
const MEANS: ReadonlySet<string> = new Set(["mean", "weighted_mean", "mean_with_sample_weight"]);

function highest(at: Int32Array, count: number): number {
  let most = -1;
  for (let i = 0; i < count; i++) if (at[i]! > most) most = at[i]!;
  return most;
}

function grown(old: Float64Array, size: number): Float64Array {
  const array = new Float64Array(size);
  array.set(old);
  return array;
}

/** Records of `size` numbers, in another order. */
function ordered(records: Float64Array, size: number, order: Int32Array): Float64Array {
  const out = new Float64Array(size * order.length);
  for (let i = 0; i < order.length; i++) {
    for (let k = 0; k < size; k++) out[size * i + k] = records[size * order[i]! + k]!;
  }
  return out;
}

function addOthers(into: Float64Array, cell: number, from: Float64Array, i: number): void {
  const size = OTHERS.length;
  for (let k = 0; k < TERMS; k++) into[size * cell + k]! += from[size * i + k]!;
  into[size * cell + TERMS]! |= from[size * i + TERMS]!;
}

/** @throws LF_COUNT for a count beyond 2^53, which doubles do not hold exactly. */
function checked(count: number): number {
  if (count <= Number.MAX_SAFE_INTEGER) return count;
  throw new LossflowError("LF_COUNT", "A cell of a table of running losses counts beyond 2^53.");
}

function sized(block: Float64Array, size: number): Float64Array {
  if (block.length !== size) throw damaged();
  return block;
}

function isCount(x: number): boolean {
  return Number.isSafeInteger(x) && x >= 0;
}

function areCells(cells: Float64Array): boolean {
  for (let at = 0; at < cells.length; at += CELL) {
    const [min, minRow, max, maxRow] = [cells[at + 1]!, cells[at + 2]!, cells[at + 3]!, cells[at + 4]!];
    const areExtremes = min <= max && min > -Infinity && max < Infinity && minRow >= 0 && maxRow >= 0;
    if (!isCount(cells[at]!) || !areExtremes) return false;
  }
  return true;
}

function damaged(): LossflowError {
  return new LossflowError("LF_STATE_DAMAGED", "This table of running losses is cut or changed.");
}
