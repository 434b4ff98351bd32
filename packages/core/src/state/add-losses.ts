import { checkNames } from "../input/check-names.ts";
import { refuse } from "../input/refuse.ts";
import type { Numbers } from "../loss.ts";
import { addExtremes } from "./add-extremes.ts";
import { addNonFinite, checkPolicy } from "./add-non-finite.ts";
import { checkLength, checkRow, checkState } from "./check-row.ts";
import { addCounts, type Count } from "./count.ts";
import { merge } from "./merge-states.ts";
import { keptNumbers } from "./kept-numbers.ts";
import { checkCount } from "../sum/check-count.ts";
import { create, type RunningLossState } from "./running-loss-state.ts";

/**
 * Adds the loss of one row: `weight * value` to the sum, `weight` to the sum of weights.
 *
 * A row of weight 0 is counted as ignored and its value not looked at, unless `zeroWeight` is `multiply`. A loss that
 * is not finite is counted and does what the policy says; what is no number at all (a text, null) counts as NaN. `row` is
 * where the loss stands in the whole stream, from 0; without it minimum and maximum have no row. Weights may be negative
 * here: whether that makes sense the caller knows.
 * @throws LF_NON_FINITE under the policy `throw`; LF_WEIGHT_OUT_OF_RANGE where the weight is not finite; LF_BAD_PARAMETER
 *   where the row is no number from 0; LF_LENGTH_MISMATCH for a state of parts (see {@link addParts}). The state stays as it was.
 */
export function add(
  state: RunningLossState,
  value: number,
  weight: number = 1,
  row: number = Infinity,
): void {
  checkState(state);
  checkLength("parts", [], state.parts.length);
  checkRow(row, weight);
  if (weight === 0 && state.zeroWeight === "ignore") state.ignored = addCounts(state.ignored, 1);
  else if (!Number.isFinite(value)) addNonFinite(state, value, weight, row);
  else {
    if (weight === 0) state.zeroWeights = addCounts(state.zeroWeights, 1);
    state.finite = addCounts(state.finite, 1);
    state.sum.addProduct(value, weight);
    state.weightSum.add(weight);
    state.squares?.sum.addProduct(value, value, weight);
    state.squares?.weightSum.addProduct(weight, weight);
    addExtremes(state, value, row, value, row);
  }
}

/** Options of {@link addArray}. */
export interface AddArrayOptions {
  /** One a value; 1 where not given. */
  readonly weights?: Numbers;
  /** The row of `values[0]` in the whole stream, the others following. */
  readonly firstRow?: number;
  /** The row of each value, where they do not follow one another. */
  readonly rows?: Numbers;
  /** The part to add: from `start` (default 0) up to, without, `end` (default the length). */
  readonly start?: number;
  /** Where the part ends. */
  readonly end?: number;
}

/**
 * Adds the losses of many rows: the same as {@link add} for each of them, faster.
 * @throws as {@link add} does, and LF_LENGTH_MISMATCH where weights or rows are not as many as values; LF_BAD_PARAMETER
 *   for what is no option, and a part outside of the values. The state stays as it was.
 */
export function addArray(state: RunningLossState, values: Numbers, options?: AddArrayOptions | null): void {
  checkState(state, values ?? null);
  options ??= {};
  checkNames("addArray", options, ["weights", "rows", "firstRow", "start", "end"]);
  const { weights = null, rows = null, firstRow = Infinity, start = 0, end = values.length } = options;
  if (!([start, end].every(Number.isInteger) && start >= 0 && start <= end && end <= values.length))
    refuse("LF_BAD_PARAMETER", "part of addArray", [start, end], `within 0 and ${values.length}`);
  checkLength("parts", [], state.parts.length);
  checkLength("weights", weights, values.length);
  checkLength("rows", rows, values.length);
  checkRow(firstRow, 1);
  if (rows) for (let i = start; i < end; i++) checkRow(rows[i]!, 1);
  const rowOf = (i: number): number => (rows ? rows[i]! : firstRow + i);

  // First look, then add: a refusal leaves the state as it was.
  const extremes = { min: Infinity, minRow: Infinity, max: -Infinity, maxRow: Infinity };
  let ignored = 0;
  let zeros = 0;
  const others: [weight: number, term: number][] = [];
  let dropped: Uint8Array | null = null;
  for (let i = start; i < end; i++) {
    const x = values[i]!;
    let weight = 1;
    if (weights) {
      weight = weights[i]!;
      checkRow(rowOf(i), weight);
    }
    if (weight !== 0 && typeof x === "number" && x > extremes.min && x < extremes.max) continue;
    if (weight === 0 && state.zeroWeight === "ignore") ignored++;
    else if (!Number.isFinite(x)) {
      checkPolicy(state.nanPolicy, x, rowOf(i));
      others.push([weight, x]);
    } else {
      if (weight === 0) zeros++;
      addExtremes(extremes, x, rowOf(i), x, rowOf(i));
      continue;
    }
    dropped ??= new Uint8Array(end - start);
    dropped[i - start] = 1;
  }

  const finite = end - start - ignored - others.length;
  state.ignored = addCounts(state.ignored, ignored);
  state.zeroWeights = addCounts(state.zeroWeights, zeros);
  state.finite = addCounts(state.finite, finite);
  // Under the policy that refuses them, and names their rows, there are none.
  for (const [weight, term] of others) addNonFinite(state, term, weight, 0);
  addExtremes(state, extremes.min, extremes.minRow, extremes.max, extremes.maxRow);
  if (!dropped) return addTerms(state, values, weights, start, end);
  const keptWeights = weights && keptNumbers(weights, start, dropped);
  addTerms(state, keptNumbers(values, start, dropped), keptWeights, 0, finite);
}

/**
 * Adds `count` rows of the same loss and weight, in constant time. `row` is the first of them.
 * @throws as {@link add} does; LF_COUNT where `count` is no whole number from 0 on, or a number beyond 2^53.
 */
export function addRepeated(
  state: RunningLossState,
  value: number,
  count: Count,
  weight: number = 1,
  row: number = Infinity,
): void {
  checkState(state);
  const one = create({
    nan: state.nanPolicy,
    zeroWeight: state.zeroWeight,
    squares: state.squares !== null,
    parts: state.parts,
  });
  add(one, value, weight, row);
  merge(state, one, count);
}

/** Counts rows with a null in a column that the loss reads. @throws LF_COUNT as {@link addRepeated}. */
export function addMissing(state: RunningLossState, count: Count): void {
  checkState(state);
  state.missing = addCounts(state.missing, checkCount(count));
}

/** Counts rows that are left out: `ignore_index`, masked, weight 0. @throws LF_COUNT as {@link addRepeated}. */
export function addIgnored(state: RunningLossState, count: Count): void {
  checkState(state);
  state.ignored = addCounts(state.ignored, checkCount(count));
}

function addTerms(
  { sum, weightSum, squares }: RunningLossState,
  values: Numbers,
  weights: Numbers | null,
  start: number,
  end: number,
): void {
  if (weights) {
    sum.addProducts(values, weights, start, end);
    weightSum.addArray(weights, start, end);
    if (squares) {
      for (let i = start; i < end; i++) squares.sum.addProduct(values[i]!, values[i]!, weights[i]);
      squares.weightSum.addProducts(weights, weights, start, end);
    }
  } else {
    sum.addArray(values, start, end);
    weightSum.addRepeated(1, end - start);
    squares?.sum.addProducts(values, values, start, end);
    squares?.weightSum.addRepeated(1, end - start);
  }
}
