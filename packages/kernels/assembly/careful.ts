import { addBlock, TOP } from "./exact-sum";
import { exponentOf, topOf } from "./exponent";
import { noteExtremes } from "./extremes";
import { windowOf } from "./windows";
import { endPause } from "./pause";
import { products } from "./products";
import * as S from "./state";
import { splat } from "./vector";
import { losses, scratch } from "./workspace";

/** What became of a block. */
export const ADDED: i32 = 0;
/** A number, weight or product is too near the ends of float64 for these sums: nothing was added. */
export const TOO_FAR: i32 = 1;

/**
 * Adds `count` losses that stand in the workspace, any numbers, from 1 to BLOCK of them. `weights` (0 for none) are
 * their doubles. `squares`: also the sum of the squares.
 */
export function careful(state: usize, count: i32, firstRow: f64, weights: usize, squares: bool): i32 {
  const clean = scratch(0);
  const even = (count + 1) & ~1;
  if ((count & 1) != 0) store<f64>(losses() + (<usize>count << 3), 0);
  const zero = splat(0);
  let lows = splat(Infinity);
  let highs = splat(-Infinity);
  let odd: f64 = 0;
  let oddRow: f64 = -1;
  let nan = 0;
  let positive = 0;
  let negative = 0;
  for (let i = 0; i < even; i += 2) {
    const from = losses() + (<usize>i << 3);
    const to = clean + (<usize>i << 3);
    const pair = v128.load(from);
    if (i + 2 <= count && i64x2.all_true(f64x2.eq(f64x2.sub(pair, pair), zero))) {
      lows = f64x2.pmin(lows, pair);
      highs = f64x2.pmax(highs, pair);
      v128.store(to, pair);
      continue;
    }
    v128.store(to, zero);
    for (let j = i; j < i + 2; j++) {
      const lane = <usize>(j - i) << 3;
      const x = load<f64>(from + lane);
      if (j == count || x - x != 0) {
        if (weights != 0) store<f64>(weights + (<usize>j << 3), 0);
        if (j == count) break;
        if (oddRow < 0) {
          odd = x;
          oddRow = firstRow + <f64>j;
        }
        if (x != x) nan++;
        else if (x > 0) positive++;
        else negative++;
        continue;
      }
      lows = f64x2.pmin(lows, splat(x));
      highs = f64x2.pmax(highs, splat(x));
      store<f64>(to + lane, x);
    }
  }
  const low = Math.min(f64x2.extract_lane(lows, 0), f64x2.extract_lane(lows, 1));
  const high = Math.max(f64x2.extract_lane(highs, 0), f64x2.extract_lane(highs, 1));
  const finite = count - nan - positive - negative;
  const size = finite == 0 ? 0 : Math.max(Math.abs(low), Math.abs(high));
  const top = exponentOf(size) + 1;
  if (top > TOP) return TOO_FAR;
  if (weights != 0 && finite > 0) {
    if (!products(clean, weights, even, scratch(1), scratch(2))) return TOO_FAR;
    addBlock(state + S.SUM, scratch(1), even, topOf(scratch(1), even));
    addBlock(state + S.SUM, scratch(2), even, topOf(scratch(2), even));
    addBlock(state + S.WEIGHT_SUM, weights, even, topOf(weights, even));
  } else if (finite > 0) {
    if (squares) {
      if (!products(clean, clean, even, scratch(1), scratch(2))) return TOO_FAR;
      addBlock(state + S.SQUARE_SUM, scratch(1), even, topOf(scratch(1), even));
      addBlock(state + S.SQUARE_SUM, scratch(2), even, topOf(scratch(2), even));
    }
    addBlock(state + S.SUM, clean, even, top);
  }
  if (finite > 0) {
    if (low == 0 && load<f64>(state, S.MIN) > 0) endPause(state + S.WINDOW_PAUSE);
    if (size > 0) store<i32>(state, windowOf(top - 1), S.WINDOW);
    noteExtremes(state, low, high, count, firstRow);
  }
  if (oddRow >= 0 && load<f64>(state, S.ODD_ROW) < 0) {
    store<f64>(state, odd, S.ODD);
    store<f64>(state, oddRow, S.ODD_ROW);
  }
  store<f64>(state, load<f64>(state, S.FINITE) + <f64>finite, S.FINITE);
  store<f64>(state, load<f64>(state, S.NAN) + <f64>nan, S.NAN);
  store<f64>(state, load<f64>(state, S.POSITIVE) + <f64>positive, S.POSITIVE);
  store<f64>(state, load<f64>(state, S.NEGATIVE) + <f64>negative, S.NEGATIVE);
  store<i32>(state, load<i32>(state, S.SLOW_BLOCKS) + 1, S.SLOW_BLOCKS);
  return ADDED;
}
