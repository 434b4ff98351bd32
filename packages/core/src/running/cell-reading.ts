import { create, type RunningLossOptions, type RunningLossState } from "../state/running-loss-state.ts";
import type { RunningLossValue } from "../state/state-value.ts";
import type { ExactSum } from "../sum/exact-sum.ts";
import { checkedCount } from "./cell-count.ts";
import { CELL } from "./cell-extremes.ts";
import type { OtherCountsOfCell } from "./other-counts.ts";

/** What a cell's state is made of besides its counts and extremes. */
interface CellSums {
  readonly nan: NonNullable<RunningLossOptions["nan"]>;
  /** Losses that a row of `missingRows` stands for. */
  readonly elements: number;
  readonly sum: ExactSum;
  /** Null where no loss has had a weight: it is the count of the finite losses. */
  readonly weightSum: ExactSum | null;
  readonly parts: readonly { readonly weighted: boolean; readonly sum: ExactSum }[];
}

/** What a cell's value is made of besides its counts and extremes, as the policy shows it. */
interface CellFigures {
  /** Losses that a row of `missingRows` stands for. */
  readonly elements: number;
  readonly sum: number;
  readonly weightSum: number;
  readonly mean: number;
  readonly reduced: number;
}

/** Makes the state of `cells` number `cell`. @throws LF_COUNT where it counts beyond 2^53. */
export function stateOfCell(
  cells: Float64Array,
  cell: number,
  others: OtherCountsOfCell,
  { nan, elements, sum, weightSum, parts }: CellSums,
): RunningLossState {
  const at = CELL * cell;
  const finite = checkedCount(cells[at] ?? 0);
  const state = create({ nan, squares: false, parts: parts.map(({ weighted }) => ({ weighted })) });
  state.finite = finite;
  state.nan = others.nan;
  state.posInf = others.posInf;
  state.negInf = others.negInf;
  state.missing = others.missing + others.missingRows * elements;
  state.ignored = others.ignored;
  state.nonFiniteTerms = others.terms;
  state.sum.merge(sum);
  if (weightSum === null) state.weightSum.addRepeated(1, finite);
  else state.weightSum.merge(weightSum);
  for (const [k, part] of parts.entries()) state.parts[k]!.sum.merge(part.sum);
  if (finite > 0 && parts.length === 0) {
    state.min = cells[at + 1]!;
    state.minRow = cells[at + 2]!;
    state.max = cells[at + 3]!;
    state.maxRow = cells[at + 4]!;
  }
  return state;
}

/** Makes the value of `cells` number `cell`, which has finite losses, without a state of its own. */
export function valueOfCell(
  cells: Float64Array,
  cell: number,
  others: OtherCountsOfCell,
  { elements, sum, weightSum, mean, reduced }: CellFigures,
): RunningLossValue & { readonly reduced: number } {
  const at = CELL * cell;
  const finite = cells[at]!;
  const { nan, posInf, negInf, ignored } = others;
  const count = finite + nan + posInf + negInf;
  const missing = others.missing + others.missingRows * elements;
  const [minRow, maxRow] = [cells[at + 2]!, cells[at + 4]!];
  return {
    rows: count + missing + ignored,
    count,
    finite,
    nan,
    posInf,
    negInf,
    missing,
    ignored,
    weightSum,
    sum,
    mean,
    min: cells[at + 1]!,
    max: cells[at + 3]!,
    minRow: Number.isFinite(minRow) ? minRow : null,
    maxRow: Number.isFinite(maxRow) ? maxRow : null,
    reduced,
  };
}
