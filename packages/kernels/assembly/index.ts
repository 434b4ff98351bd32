import { ADDED, TOO_FAR } from "./careful";
import { BALANCED_BCE } from "./binary-gradient";
import { F64, toDoubles, widthOf } from "./columns";
import { SMOOTH_L1 } from "./distance";
import { evaluate } from "./evaluate";
import { normalize } from "./exact-sum";
import { addDistances, addLosses, addWeighedLosses } from "./fold";
import { slopes } from "./gradient";
import { FOCAL_SOFTMAX, SCCE_LOGITS } from "./labelled-rows";
import { SCCE } from "./probability-rows";
import { distributedSlopes, labelledSlopes, smoothedSlopes } from "./row-gradient";
import { SMOOTHED_SCCE, SMOOTHED_SCCE_LOGITS } from "./smoothed-labels";
import { clear, SQUARE_SUM, SUM, WEIGHT_SUM } from "./state";
import { BLOCK } from "./vector";
import { losses, scratch, setBase } from "./workspace";

/** What stopped a run before its end. */
const REFUSED: i32 = 2;

/** Why the last run stopped: 0 at its end, 1 a block whose sum is left to the host, 2 a block that holds a refused value. */
export let outcome: i32 = 0;

export function prepare(workspace: usize): void {
  setBase(workspace);
}

export function clearState(state: usize): void {
  clear(state);
}

/** Moves the carries of a state's sums, so that its digits can be read. */
export function settle(state: usize): void {
  normalize(state + SUM);
  normalize(state + WEIGHT_SUM);
  normalize(state + SQUARE_SUM);
}

/**
 * Writes the loss of each unit, a double each, to `out`.
 * @returns the units done; where that is not all, `outcome` says why.
 */
export function unreduced(
  kind: i32,
  target: usize,
  targetType: i32,
  prediction: usize,
  predictionType: i32,
  rows: i32,
  classes: i32,
  out: usize,
): i32 {
  outcome = 0;
  for (let first = 0; first < rows; first += BLOCK) {
    const count = min(BLOCK, rows - first);
    if (!evaluate(kind, target, targetType, prediction, predictionType, classes, first, count)) {
      outcome = REFUSED;
      return first;
    }
    memory.copy(out + (<usize>first << 3), losses(), <usize>count << 3);
  }
  return rows;
}

/**
 * Writes the derivative of each unit's loss by its predictions, a double each, to `out`.
 * @returns the units done; where that is not all, `outcome` says why.
 */
export function gradient(
  kind: i32,
  target: usize,
  targetType: i32,
  prediction: usize,
  predictionType: i32,
  rows: i32,
  classes: i32,
  out: usize,
): i32 {
  outcome = 0;
  for (let first = 0; first < rows; first += BLOCK) {
    const count = min(BLOCK, rows - first);
    let done: bool;
    if (kind < SCCE_LOGITS || kind == BALANCED_BCE) {
      done = slopes(kind, target, targetType, prediction, predictionType, first, count);
      memory.copy(out + (<usize>first << 3), losses(), <usize>count << 3);
    } else if (predictionType == F64) {
      done = rowSlopes<f64>(kind, target, targetType, prediction, first, count, classes, out);
    } else {
      done = rowSlopes<f32>(kind, target, targetType, prediction, first, count, classes, out);
    }
    if (!done) {
      outcome = REFUSED;
      return first;
    }
  }
  return rows;
}

function rowSlopes<T>(
  kind: i32,
  target: usize,
  targetType: i32,
  prediction: usize,
  first: i32,
  count: i32,
  classes: i32,
  out: usize,
): bool {
  if (kind == SCCE_LOGITS || kind == SCCE || kind == FOCAL_SOFTMAX) {
    return labelledSlopes<T>(kind, target, targetType, prediction, first, count, classes, out);
  }
  if (kind == SMOOTHED_SCCE_LOGITS || kind == SMOOTHED_SCCE) {
    return smoothedSlopes<T>(kind, target, targetType, prediction, first, count, classes, out);
  }
  return distributedSlopes<T>(kind, target, targetType, prediction, first, count, classes, out);
}

/**
 * Adds the loss of each unit from `first` on to a state. `weight` is 0 for none.
 * @returns the units done; where that is not all, `outcome` says why, and the losses of the block that begins there
 *   stand in the workspace unless it was refused.
 */
export function fold(
  state: usize,
  kind: i32,
  target: usize,
  targetType: i32,
  prediction: usize,
  predictionType: i32,
  weight: usize,
  weightType: i32,
  start: i32,
  rows: i32,
  classes: i32,
  firstRow: f64,
  squares: bool,
): i32 {
  outcome = 0;
  const straight = kind <= SMOOTH_L1 && weight == 0 && !squares && targetType == predictionType && predictionType <= F64;
  for (let first = start; first < rows; first += BLOCK) {
    const count = min(BLOCK, rows - first);
    const row = firstRow + <f64>first;
    if (straight && count == BLOCK) {
      const at = <usize>first * widthOf(predictionType);
      const added = addDistances(kind, predictionType, state, target + at, prediction + at, rows - first, row);
      if (added > 0) {
        first += added - BLOCK;
        continue;
      }
    }
    if (!evaluate(kind, target, targetType, prediction, predictionType, classes, first, count)) {
      outcome = REFUSED;
      return first;
    }
    if (!add(state, count, row, weight, weightType, first, squares)) return first;
  }
  return rows;
}

/** Adds the block in the workspace with its weights; false, and the outcome set, where the host must. */
function add(
  state: usize,
  count: i32,
  row: f64,
  weight: usize,
  weightType: i32,
  first: i32,
  squares: bool,
): bool {
  outcome = TOO_FAR;
  let weights: usize = 0;
  if (weight != 0) {
    if (squares) return false;
    weights = scratch(3);
    const doubles = toDoubles(weight, weightType, first, count, weights);
    if (count == BLOCK && addWeighedLosses(state, row, doubles)) {
      outcome = 0;
      return true;
    }
    if (doubles != weights) memory.copy(weights, doubles, <usize>count << 3);
    if (!areWeights(weights, count)) return false;
  }
  if (addLosses(state, count, row, weights, squares) != ADDED) return false;
  outcome = 0;
  return true;
}

/** Whether all are finite and above 0; copies stand behind the last up to a multiple of 8. */
function areWeights(weights: usize, count: i32): bool {
  let fine = i64x2.splat(-1);
  for (let at = weights, end = weights + (<usize>count << 3); at < end; at += 16) {
    const w = v128.load(at);
    fine = v128.and(fine, v128.and(f64x2.gt(w, f64x2.splat(0)), f64x2.lt(w, f64x2.splat(Infinity))));
  }
  return i64x2.all_true(fine);
}

/** Where the tables end: the host's memory begins behind. */
export function tablesEnd(): usize {
  return __heap_base;
}
