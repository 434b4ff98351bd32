import { ADDED, careful } from "./careful";
import { normalize } from "./exact-sum";
import { DEEP, highest, inOnePass, NOT_FINITE, quick, STORED } from "./one-pass";
import * as S from "./state";
import { BLOCK } from "./vector";
import { losses } from "./workspace";

/** Adds the losses that stand in the workspace. */
export function addLosses(
  state: usize,
  count: i32,
  firstRow: f64,
  weights: usize,
  squares: bool,
): i32 {
  noteLoad(state);
  if (count == BLOCK && weights == 0 && !squares) {
    if (quick(STORED, 1, state, 0, losses(), firstRow)) return ADDED;
    if (highest < NOT_FINITE && inOnePass(DEEP, 1, state, 0, losses(), firstRow)) return ADDED;
  }
  return careful(state, count, firstRow, weights, squares);
}

/** Adds BLOCK losses of distance straight from their columns, where that can be done. */
export function addDistances(
  kind: i32,
  type: i32,
  state: usize,
  target: usize,
  prediction: usize,
  firstRow: f64,
): bool {
  noteLoad(state);
  return quick(kind, type, state, target, prediction, firstRow);
}

function noteLoad(state: usize): void {
  const additions = load<i32>(state, S.LOAD) + 1;
  store<i32>(state, additions & 0xffffff, S.LOAD);
  if (additions == 0x1000000) {
    normalize(state + S.SUM);
    normalize(state + S.WEIGHT_SUM);
    normalize(state + S.SQUARE_SUM);
  }
}
