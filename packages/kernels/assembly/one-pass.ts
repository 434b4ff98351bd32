import { F32 } from "./columns";
import { deepPass } from "./deep-pass";
import { distancesInRange, HUBER, MAE, MSE, SMOOTH_L1 } from "./distance";
import { findExtremes, mayExtend, NOT_FINITE } from "./extremes";
import { isPaused, noteFailure, noteSuccess } from "./pause";
import { isColumn, pairPass, STORED } from "./pair-pass";
import * as S from "./state";
import { BLOCK } from "./vector";
import { forgetWords, highest, highestLow, lowest, lowestLow, windowOf } from "./windows";
import { losses, parameter } from "./workspace";

/** The way two windows deep, over losses as they stand in the workspace. */
export const DEEP: i32 = -2;

/**
 * Zeros are below every window. Once the minimum is 0 they tell nothing new, and a pass can let them by, at two instructions
 * more a pair: so it does for a while after a block that held one.
 */
function passOf(kind: i32, type: i32, state: usize, target: usize, prediction: usize, count: i32): bool {
  let left = load<i32>(state, S.ZEROS);
  if (left == 0) {
    if (passWith(false, kind, type, state, target, prediction, count)) return true;
    if (lowest != 0 || load<f64>(state, S.MIN) != 0) return false;
    left = ZERO_PASSES;
  }
  store<i32>(state, left - 1, S.ZEROS);
  return passWith(true, kind, type, state, target, prediction, count);
}

/** Enough that where all blocks hold zeros, few are gone through twice. */
const ZERO_PASSES: i32 = 64;

// @ts-ignore: decorator
@inline
function passWith(
  zeros: bool,
  kind: i32,
  type: i32,
  state: usize,
  target: usize,
  prediction: usize,
  count: i32,
): bool {
  if (kind == DEEP) return deepPass(zeros, state);
  if (!isColumn(kind)) return pairPass<f64>(STORED, zeros, state, 0, losses(), count);
  if (kind == MAE) return pairPass<f64>(MAE, zeros, state, target, prediction, count);
  if (type == F32) return pairPass<f32>(MSE, zeros, state, target, prediction, count);
  return pairPass<f64>(MSE, zeros, state, target, prediction, count);
}

function writeDistances(kind: i32, type: i32, target: usize, prediction: usize, count: i32): void {
  if (type == F32) distancesInRange<f32>(kind, target, prediction, count, parameter(0), losses());
  else distancesInRange<f64>(kind, target, prediction, count, parameter(0), losses());
}

/** Adds `count` losses in one pass, BLOCK or LONG_BLOCK of them (BLOCK in the deep way), where they fit its windows. */
export function inOnePass(
  kind: i32,
  type: i32,
  state: usize,
  target: usize,
  prediction: usize,
  count: i32,
  firstRow: f64,
): bool {
  if (!passOf(kind, type, state, target, prediction, count)) {
    const window = windowOf(<i32>(highest >> 20) - 1023);
    if (highest >= NOT_FINITE || window == load<i32>(state, S.WINDOW)) return false;
    store<i32>(state, window, S.WINDOW);
    if (!passOf(kind, type, state, target, prediction, count)) return false;
  }
  if (mayExtend(state, lowest, lowestLow, highest, highestLow)) {
    if (isColumn(kind)) writeDistances(kind, type, target, prediction, count);
    findExtremes(state, count, firstRow);
  }
  store<f64>(state, load<f64>(state, S.FINITE) + <f64>count, S.FINITE);
  store<i32>(state, load<i32>(state, S.QUICK_BLOCKS) + count / BLOCK, S.QUICK_BLOCKS);
  return true;
}

/** Tries the quick way; the more often it failed in a row, the longer it is not tried. */
export function quick(
  kind: i32,
  type: i32,
  state: usize,
  target: usize,
  prediction: usize,
  count: i32,
  firstRow: f64,
): bool {
  forgetWords();
  if (isPaused(state + S.WINDOW_PAUSE)) return false;
  if (kind == HUBER || kind == SMOOTH_L1) writeDistances(kind, type, target, prediction, count);
  if (inOnePass(kind, type, state, target, prediction, count, firstRow)) {
    noteSuccess(state + S.WINDOW_PAUSE);
    return true;
  }
  if (highest < NOT_FINITE) noteFailure(state + S.WINDOW_PAUSE);
  return false;
}
