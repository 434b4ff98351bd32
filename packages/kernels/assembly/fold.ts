import { ADDED, careful } from "./careful";
import { F32, goesOn, widthOf } from "./columns";
import { MAE } from "./distance";
import { addNumber, normalize } from "./exact-sum";
import { NOT_FINITE } from "./extremes";
import { DEEP, inOnePass, quick } from "./one-pass";
import { STORED } from "./pair-pass";
import { plainly } from "./plain-sum";
import * as S from "./state";
import { BLOCK, LONG_BLOCK } from "./vector";
import { addWeighed, areOnes } from "./weighed-sum";
import { highest } from "./windows";
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
  if (count == BLOCK && weights == 0 && !squares && addStored(state, firstRow)) return ADDED;
  return careful(state, count, firstRow, weights, squares);
}

/** Adds the BLOCK losses that stand in the workspace by their weights, doubles, where a quick way can. */
export function addWeighedLosses(state: usize, firstRow: f64, weights: usize): bool {
  noteLoad(state);
  if (!areOnes(weights)) return addWeighed(state, firstRow, weights);
  if (!addStored(state, firstRow)) return false;
  addNumber(state + S.WEIGHT_SUM, <f64>BLOCK);
  return true;
}

function addStored(state: usize, firstRow: f64): bool {
  if (quick(STORED, 1, state, 0, losses(), BLOCK, firstRow)) return true;
  return highest < NOT_FINITE && inOnePass(DEEP, 1, state, 0, losses(), BLOCK, firstRow);
}

/**
 * Adds losses of distance from their columns by the quick ways, where that can be done; `rows` are left, BLOCK at least.
 * @returns how many were added, perhaps none.
 */
export function addDistances(
  kind: i32,
  type: i32,
  state: usize,
  target: usize,
  prediction: usize,
  rows: i32,
  firstRow: f64,
): i32 {
  noteLoad(state);
  const count = rows >= LONG_BLOCK ? LONG_BLOCK : BLOCK;
  if (!goesOn(max(target, prediction) + <usize>count * widthOf(type))) return 0;
  const added =
    kind == MAE && type == F32
      ? plainly(state, target, prediction, count, firstRow)
      : quick(kind, type, state, target, prediction, count, firstRow);
  return added ? count : 0;
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
