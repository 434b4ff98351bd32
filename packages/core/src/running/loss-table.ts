import { refuse, same } from "../input/refuse.ts";
import { checkOptions } from "../losses/parameters.ts";
import type { WholeLoss } from "../loss.ts";
import { checkPolicy } from "../state/add-non-finite.ts";
import {
  create,
  POLICIES,
  type RunningLossOptions,
  type RunningLossState,
} from "../state/running-loss-state.ts";
import {
  nonFiniteTerm,
  reduce,
  value,
  type RunningLossValue,
  type RunningReduction,
} from "../state/state-value.ts";
import { quotientFromHeads } from "../sum/quotient-from-heads.ts";
import { newDoubles, type TakeDoubles } from "../sum/take-doubles.ts";
import { checkedCount, isCount } from "./cell-count.ts";
import { CELL } from "./cell-extremes.ts";
import { stateOfCell, valueOfCell } from "./cell-reading.ts";
import { checkAdded, checkCells, highest, type AddToTableOptions } from "./check-added.ts";
import { isLeftOutKind, NO_OTHERS, type LeftOutKind, type OtherCountsOfCell } from "./other-counts.ts";
import { TableColumns } from "./table-columns.ts";

/** Options of {@link LossTable}. */
export type LossTableOptions = Pick<RunningLossOptions, "nan" | "parts">;

/**
 * Keeps the running losses of many cells (groups, windows) in arrays: 64 bytes a cell, 24 more with weights, 56 more
 * once a cell of the table has anything but finite losses, and what the sums of extreme losses need besides.
 *
 * A cell holds what a RunningLossState without squares does, and gives the same figures to the last bit; any order and
 * grouping of adding and merging does. The table grows by itself; a cell that nothing was added to is that of no rows.
 */
export class LossTable {
  readonly #policy: NonNullable<RunningLossOptions["nan"]>;
  readonly #columns: TableColumns;
  readonly #heads: readonly [Float64Array, Float64Array] = [new Float64Array(2), new Float64Array(2)];

  /** @throws LF_BAD_PARAMETER for what is no option, LF_STATE_PARTS as RunningLoss.create. */
  constructor(options?: LossTableOptions | null) {
    const given: RunningLossOptions = options ?? {};
    const { nan = "count", squares = false } = given;
    const parts = given.parts ?? [];
    // Options of a state without squares are those of a table.
    checkOptions("a table of running losses", given, {
      nan: [nan, ...POLICIES],
      parts: [parts, parts],
      squares: [squares, false],
    });
    this.#policy = nan;
    this.#columns = new TableColumns(create({ nan, parts }).parts);
  }

  /** How many cells there are: one more than the highest that was added to or asked for. */
  get length(): number {
    return this.#columns.length;
  }

  /**
   * Makes cells up to, without, `length`.
   * @throws LF_COUNT where that is no whole number from 0 to 2^28, or there is no memory for so many; the table stays as it was.
   */
  extend(length: number): void {
    this.#columns.extend(length);
  }

  /**
   * Adds loss i to cell `at[i]`, for 0 <= i < count; a negative cell leaves it out.
   * @throws LF_WEIGHT_OUT_OF_RANGE; LF_LENGTH_MISMATCH where an array has fewer than `count`; LF_BAD_PARAMETER, LF_NOT_A_NUMBER
   *   and LF_COUNT for what is none of what is asked for: the table stays as it was. LF_NON_FINITE under the policy `throw`; what
   *   stands before has been added.
   */
  addArray(at: Int32Array, values: Float64Array, count: number, options?: AddToTableOptions | null): void {
    const { weights, rows, firstRow, end } = checkAdded("addArray", at, [values], count, options);
    this.extend(end);
    if (weights !== undefined) this.#columns.needWeights();
    const { cells, sums, weights: weightSums } = this.#columns;
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
   * @throws as {@link LossTable.addArray}; LF_LENGTH_MISMATCH where there are not as many parts as the table has.
   */
  addParts(
    at: Int32Array,
    parts: readonly Float64Array[],
    count: number,
    options?: AddToTableOptions | null,
  ): void {
    const given: unknown = parts;
    if (!Array.isArray(given)) refuse("LF_NOT_A_NUMBER", "parts", given, "a list of Float64Arrays");
    const columns = this.#columns;
    same("LF_LENGTH_MISMATCH", "number of parts", parts.length, columns.parts.length);
    const { weights, rows, firstRow, end } = checkAdded("addParts", at, parts, count, options);
    this.extend(end);
    if (weights !== undefined) columns.needWeights();
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
      columns.cells[CELL * cell]!++;
      columns.weights?.add(cell, weight);
      columns.parts.forEach(({ weighted, sums }, k) => {
        if (weighted && weights !== undefined) sums.addProduct(cell, parts[k]![i]!, weight);
        else sums.add(cell, parts[k]![i]!);
      });
    }
  }

  /**
   * Counts what was not evaluated in a cell, none in a negative one; `missingRows` are rows whose number of elements is not known
   * yet.
   * @throws LF_BAD_PARAMETER for another kind, LF_COUNT where `count` is no whole number from 0 on.
   */
  addLeftOut(cell: number, kind: LeftOutKind, count: number): void {
    if (!isLeftOutKind(kind))
      refuse("LF_BAD_PARAMETER", "kind of rows left out", kind, "missing, ignored or missingRows");
    if (!isCount(count)) refuse("LF_COUNT", `count of ${kind}`, count, "a whole number from 0");
    if (count === 0 || cell < 0) return;
    this.extend(cell + 1);
    this.#columns.needOthers().addLeftOut(cell, kind, count);
  }

  /**
   * Adds cell i of `other` to cell `at[i]`, left out where that is negative; `other`, another table, stays as it is.
   * @throws LF_STATE_MISMATCH where the two were made with different options, LF_LENGTH_MISMATCH where `at` has fewer than the
   *   cells of `other`, LF_BAD_PARAMETER for what is no table or no cells.
   */
  merge(other: LossTable, at: Int32Array): void {
    this.#checkMerged(other);
    if (other === this) refuse("LF_BAD_PARAMETER", "table to merge", "the same", "another one");
    checkCells(at, other.length);
    this.extend(highest(at, other.length) + 1);
    for (let i = 0; i < other.length; i++)
      if (at[i]! >= 0) this.#columns.mergeCell(at[i]!, other.#columns, i);
  }

  /** Adds cell `from` of `other`, which stays as it is, to a cell. @throws as {@link LossTable.merge}. */
  mergeCell(cell: number, other: LossTable, from: number): void {
    this.#checkMerged(other);
    checkCell(cell);
    checkCell(from);
    this.extend(cell + 1);
    if (from < other.length) this.#columns.mergeCell(cell, other.#columns, from);
  }

  #checkMerged(other: LossTable): void {
    if (!(Object(other) === other && #policy in other))
      refuse("LF_BAD_PARAMETER", "table to merge", other, "a LossTable");
    same("LF_STATE_MISMATCH", "options of a table to merge", other.#optionsText(), this.#optionsText());
  }

  #optionsText(): string {
    return String([this.#policy, ...this.#columns.parts.map(({ weighted }) => weighted)]);
  }

  /** Takes all cells out; their room stays. */
  clear(): void {
    this.#columns.clear();
  }

  /** Makes a table of no cells with the options of this one. */
  emptied(): LossTable {
    return new LossTable({ nan: this.#policy, parts: this.#columns.parts });
  }

  /**
   * The state of a cell as one of its own; a row of `missingRows` is as many missing losses as it has `elements`.
   * @throws LF_COUNT where the cell counts beyond 2^53, or `elements` is no whole number from 0; LF_BAD_PARAMETER where the cell is
   *   none.
   */
  stateAt(cell: number, elements: number = 1): RunningLossState {
    checkCell(cell);
    if (!isCount(elements)) refuse("LF_COUNT", "number of elements", elements, "a whole number from 0");
    if (cell >= this.length) return create({ nan: this.#policy, squares: false, parts: this.#columns.parts });
    const { cells, sums, weights, parts } = this.#columns;
    return stateOfCell(cells, cell, this.#othersAt(cell), {
      nan: this.#policy,
      elements,
      sum: sums.sumAt(cell),
      weightSum: weights?.sumAt(cell) ?? null,
      parts: parts.map((part) => ({ weighted: part.weighted, sum: part.sums.sumAt(cell) })),
    });
  }

  /**
   * Reads a cell as RunningLoss.value and RunningLoss.reduce read its state, several times faster: `reduced` is the
   * figure over the denominator that `reduction` names, null where that is 0. A row of `missingRows` counts as many
   * missing losses as it has `elements`; `whole` forms sum and mean from the sums of the parts.
   * @throws as {@link LossTable.stateAt}, LF_REDUCTION for no name of a reduction.
   */
  valueAt(
    cell: number,
    reduction: RunningReduction,
    options?: { readonly elements?: number; readonly whole?: WholeLoss | undefined } | null,
  ): RunningLossValue & { readonly reduced: number | null } {
    const { elements = 1, whole } = options ?? {};
    checkCell(cell);
    const [sum, weight] = this.#heads;
    const finite = this.#countAt(cell);
    const quick = this.#columns.parts.length === 0 && finite > 0 && this.#readHeads(cell, finite);
    const isZero = sum[0] === 0 && sum[1] === 0 && weight[0]! > 0;
    const mean = !quick ? null : isZero ? 0 : quotientFromHeads(sum[0]!, sum[1]!, weight[0]!, weight[1]!);
    const isMean = MEANS.has(reduction);
    if (mean === null || !(isMean || reduction === "sum") || !isCount(elements)) {
      const state = this.stateAt(cell, elements);
      return { ...value(state, whole), reduced: reduce(state, reduction, whole) };
    }
    const others = this.#othersAt(cell);
    const term = nonFiniteTerm({ nanPolicy: this.#policy, nonFiniteTerms: others.terms });
    return valueOfCell(this.#columns.cells, cell, others, {
      elements,
      weightSum: weight[0]!,
      sum: term ?? sum[0]!,
      mean: term ?? mean,
      reduced: term ?? (isMean ? mean : sum[0]!),
    });
  }

  /**
   * Writes the table as blocks of plain numbers, which {@link LossTable.fromNumbers} reads one after the other: cell i is
   * `order[i]`, else all stand as they are. Equal tables may differ in them. `take` gives the arrays that they are written
   * to.
   * @throws LF_BAD_PARAMETER where `order` names a cell that there is not.
   */
  toNumbers(
    order: Int32Array = Int32Array.from({ length: this.length }, (_, i) => i),
    take: TakeDoubles = newDoubles,
  ): readonly Float64Array[] {
    checkCells(order, 0);
    for (let i = 0; i < order.length; i++)
      if (!(order[i]! >= 0 && order[i]! < this.length))
        refuse("LF_BAD_PARAMETER", "cell to write", order[i], `among the ${this.length} of the table`);
    return this.#columns.toNumbers(order, take);
  }

  /**
   * Reads what {@link LossTable.toNumbers} wrote of a table with the same options; the table shares its memory until
   * it grows.
   * @throws LF_STATE_VERSION for another version, LF_STATE_DAMAGED for anything that toNumbers would not write.
   */
  static fromNumbers(numbers: Float64Array, options?: LossTableOptions | null): LossTable {
    const table = new LossTable(options);
    table.#columns.readNumbers(numbers);
    return table;
  }

  #addNonFinite(cell: number, x: number, weight: number, row: number): void {
    checkPolicy(this.#policy, x, row);
    this.#columns.needOthers().addNonFinite(cell, x, weight);
  }

  /** Reads sum and weights of a cell into `#heads`. @returns false where that needs their exact digits. */
  #readHeads(cell: number, finite: number): boolean {
    const [sum, weight] = this.#heads;
    weight[0] = finite;
    weight[1] = 0;
    const { sums, weights } = this.#columns;
    return sums.headAt(cell, sum) && (weights?.headAt(cell, weight) ?? true);
  }

  #countAt(cell: number): number {
    return checkedCount(this.#columns.cells[CELL * cell] ?? 0);
  }

  #othersAt(cell: number): OtherCountsOfCell {
    return this.#columns.others?.at(cell) ?? NO_OTHERS;
  }
}

const MEANS: ReadonlySet<string> = new Set(["mean", "weighted_mean", "mean_with_sample_weight"]);

function checkCell(cell: number): void {
  if (!isCount(cell)) refuse("LF_BAD_PARAMETER", "cell of a table", cell, "a whole number from 0");
}
