import { exponentialsOf, indexOfMax, LOGITS, shiftedOwn, shiftedOwnRest, shiftedRest, shiftedSum } from "./softmax-rows";
import { productError, sumError } from "./rounding";
import { pairRest, pairSumOf, sumOf } from "./row-sum";
import { predictions, scratch } from "./workspace";

/* The exponentials of a row, and their sum without one class's, so that 1 - p of that class keeps its digits. */

/** Of the last row: the sum of the others' exponentials, the class's own, and what rounding took from them. */
export let others: f64 = 0;
export let othersRest: f64 = 0;
export let own: f64 = 0;
export let ownRest: f64 = 0;
/** -ln p_y is `gap` + ln(1 + `excess` + `excessRest`). */
export let gap: f64 = 0;
export let excess: f64 = 0;
export let excessRest: f64 = 0;

/** Writes the exponentials of a row, whatever factor they have in common, and those of `y` apart from the others' sum. */
export function softmaxRow<T>(x: usize, classes: i32, y: i32, to: usize): void {
  if (!tameRow<T>(x, classes, y, to)) shiftedRow<T>(x, classes, y, to);
}

/** @returns false where a logit is beyond 340: the row is void. */
function tameRow<T>(x: usize, classes: i32, y: i32, to: usize): bool {
  const e = scratch(0);
  const lows = predictions();
  let heads: f64 = 0;
  let low: f64 = 0;
  for (let first = 0; first < classes; first += LOGITS) {
    const count = min(LOGITS, classes - first);
    if (!exponentialsOf<T>(x + <usize>first * sizeof<T>(), count, e, lows)) return false;
    const start = to + (<usize>first << 3);
    let i: usize = 0;
    for (const end = <usize>(count & ~1) << 3; i < end; i += 16) {
      v128.store(start + i, f64x2.add(v128.load(e + i), v128.load(lows + i)));
    }
    if ((count & 1) != 0) store<f64>(start + i, load<f64>(e + i) + load<f64>(lows + i));
    if (y >= first && y < first + count) {
      const at = <usize>(y - first) << 3;
      own = load<f64>(start + at);
      ownRest = load<f64>(lows + at) - (own - load<f64>(e + at));
      store<f64>(e + at, 0);
      store<f64>(lows + at, 0);
    }
    const part = pairSumOf(e, count);
    const next = heads + part;
    low += sumError(heads, part, next) + pairRest + sumOf(lows, count);
    heads = next;
  }
  others = heads + low;
  othersRest = low - (others - heads);
  gap = 0;
  excess = others / own;
  const product = excess * own;
  const left = others - product - productError(excess, own, product);
  excessRest = (left + (othersRest - excess * ownRest)) / own;
  return true;
}

/** Any row: exponentials of the logits less the largest. */
function shiftedRow<T>(x: usize, classes: i32, y: i32, to: usize): void {
  const top = indexOfMax<T>(x, classes);
  const sum = shiftedSum<T>(x, classes, top, y, to);
  own = shiftedOwn + shiftedOwnRest;
  ownRest = shiftedOwnRest - (own - shiftedOwn);
  gap = 0;
  excess = sum;
  excessRest = shiftedRest;
  let part = sum;
  let rest = shiftedRest;
  if (y != top) {
    gap = <f64>load<T>(x + <usize>top * sizeof<T>()) - <f64>load<T>(x + <usize>y * sizeof<T>());
    const all = 1 + sum;
    part = all - own;
    rest += sumError(1, sum, all) + sumError(all, -own, part) - ownRest;
  }
  others = part + rest;
  othersRest = rest - (others - part);
}
