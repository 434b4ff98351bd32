import { exponential, exponentialRest, exponentials } from "./exponential";
import { productError2, sumError } from "./rounding";
import { pairRest, pairSumOf, sumOf, sumsOf } from "./row-sum";
import { BLOCK } from "./vector";
import { losses, predictions, rests, scratch, targets } from "./workspace";

/*
 * The soft-max of rows of C logits. With e_j = exp(x_j), y one class of the row and s the sum of e_j over j != y,
 * divided by e_y:
 *
 *     -ln p_y = ln(1 + s),    1 - p_y = s / (1 + s):
 *
 * no difference is formed, so that small losses keep all digits. That needs |x_j| <= 340; rows with others are done
 * one by one, shifted by their largest logit. Which way a row goes depends on that row alone. Exponentials, their sums and
 * s are sums of two doubles: what rounding takes from them would be taken from the loss, and its powers multiply it.
 */

/** Exponentials of as many logits as the scratch takes, with room for the copies behind. */
export const LOGITS: i32 = BLOCK - 8;

/**
 * Writes s of each row to the losses and the rests; `ys` are the classes, i32, those below 0 standing for 0. Where its
 * powers or many terms will multiply them, `careful` keeps the roundings of sums that range over more than 2^36, too.
 * @returns how many rows hold a logit beyond 340 or NaN: their numbers, u16, stand in `slow`, their s is void.
 */
export function quotients<T>(ys: usize, x: usize, rows: i32, classes: i32, slow: usize, careful: bool): i32 {
  const e = scratch(0);
  const lows = predictions();
  const own = scratch(1);
  const ownLows = targets();
  const stride = <usize>classes * sizeof<T>();
  let slowRows = 0;
  const each = max(1, LOGITS / classes);
  for (let r = 0; r < rows; r += each) {
    const n = min(each, rows - r);
    let tame = true;
    if (classes <= LOGITS) {
      tame = exponentialsOf<T>(x + <usize>r * stride, n * classes, e, lows);
      let row: usize = 0;
      for (let i = <usize>r << 3, end = <usize>(r + n) << 3; i < end; i += 8) {
        const at = (row + <usize>max(0, load<i32>(ys + (i >> 1)))) << 3;
        row += classes;
        store<f64>(own + i, load<f64>(e + at));
        store<f64>(ownLows + i, load<f64>(lows + at));
        store<f64>(e + at, 0);
        store<f64>(lows + at, 0);
      }
      const to = <usize>r << 3;
      sumsOf(e, lows, n, classes, losses() + to, rests() + to);
      if (careful) {
        for (let i: usize = 0; i < <usize>n; i++) addPair(to + (i << 3), e + ((i * classes) << 3), classes);
      }
    } else {
      tame = longRow<T>(x + <usize>r * stride, max(0, load<i32>(ys + (<usize>r << 2))), r, classes, careful);
    }
    if (tame) continue;
    for (let i = r; i < r + n; i++) {
      if (isTame<T>(x + <usize>i * stride, classes)) continue;
      store<u16>(slow + (<usize>slowRows << 1), <u16>i);
      slowRows++;
    }
  }
  if ((rows & 1) != 0) {
    const end = <usize>rows << 3;
    store<f64>(own + end, 1);
    store<f64>(ownLows + end, 0);
    store<f64>(losses() + end, 0);
    store<f64>(rests() + end, 0);
  }
  for (let i: usize = 0; i < <usize>rows << 3; i += 16) {
    const heads = v128.load(losses() + i);
    const low = v128.load(rests() + i);
    const a = f64x2.add(heads, low);
    const aRest = f64x2.sub(low, f64x2.sub(a, heads));
    const ownHead = v128.load(own + i);
    const ownLow = v128.load(ownLows + i);
    const b = f64x2.add(ownHead, ownLow);
    const bRest = f64x2.sub(ownLow, f64x2.sub(b, ownHead));
    const s = f64x2.div(a, b);
    const product = f64x2.mul(s, b);
    const left = f64x2.sub(f64x2.sub(a, product), productError2(s, b, product));
    v128.store(losses() + i, s);
    v128.store(rests() + i, f64x2.div(f64x2.add(left, f64x2.sub(aRest, f64x2.mul(s, bRest))), b));
  }
  return slowRows;
}

/** One row of more logits than the scratch takes: the sum of the others' exponentials and the class's own. */
function longRow<T>(x: usize, y: i32, r: i32, classes: i32, careful: bool): bool {
  const e = scratch(0);
  const lows = predictions();
  const to = <usize>r << 3;
  let tame = true;
  let sum: f64 = 0;
  let lowSum: f64 = 0;
  for (let first = 0; first < classes; first += LOGITS) {
    const count = min(LOGITS, classes - first);
    if (!exponentialsOf<T>(x + <usize>first * sizeof<T>(), count, e, lows)) tame = false;
    if (y >= first && y < first + count) {
      const at = <usize>(y - first) << 3;
      store<f64>(scratch(1) + to, load<f64>(e + at));
      store<f64>(targets() + to, load<f64>(lows + at));
      store<f64>(e + at, 0);
      store<f64>(lows + at, 0);
    }
    const part = careful ? pairSumOf(e, count) : sumOf(e, count);
    const next = sum + part;
    lowSum += sumError(sum, part, next) + (careful ? pairRest : 0) + sumOf(lows, count);
    sum = next;
  }
  store<f64>(losses() + to, sum);
  store<f64>(rests() + to, lowSum);
  return tame;
}

/** Writes the sum of a row, and adds what is lost in it to the rest. */
function addPair(to: usize, values: usize, count: i32): void {
  store<f64>(losses() + to, pairSumOf(values, count));
  store<f64>(rests() + to, load<f64>(rests() + to) + pairRest);
}

/** As `exponentials`, for any count: the last group is completed with zeros. */
// @ts-ignore: decorator
@inline
export function exponentialsOf<T>(x: usize, count: i32, out: usize, lows: usize): bool {
  const whole = count & ~3;
  let tame = exponentials<T>(x, whole, out, lows);
  if (whole < count) {
    const group = scratch(3);
    const end = <usize>whole << 3;
    v128.store(group, i64x2.splat(0));
    v128.store(group, i64x2.splat(0), 16);
    memory.copy(group, x + <usize>whole * sizeof<T>(), <usize>(count - whole) * sizeof<T>());
    if (!exponentials<T>(group, 4, out + end, lows + end)) tame = false;
  }
  return tame;
}

/** Whether all |x| <= 340. */
function isTame<T>(x: usize, classes: i32): bool {
  for (let j = 0; j < classes; j++) {
    if (!(Math.abs(<f64>load<T>(x + <usize>j * sizeof<T>())) <= 340)) return false;
  }
  return true;
}

/** The place of the first of the largest logits, as core finds it. */
export function indexOfMax<T>(x: usize, classes: i32): i32 {
  let top = 0;
  let m = <f64>load<T>(x);
  for (let j = 1; j < classes; j++) {
    const v = <f64>load<T>(x + <usize>j * sizeof<T>());
    if (v > m) {
      m = v;
      top = j;
    }
  }
  return top;
}

/** What the last sum of `shiftedSum` is less than the exact one; exp(x_y - m) of its row, m its largest logit; its rest. */
export let shiftedRest: f64 = 0;
export let shiftedOwn: f64 = 0;
export let shiftedOwnRest: f64 = 0;

/**
 * Sums exp(x_j - m) over j != top for any logits, in the order and with the corrections of softmax.ts in core, and writes
 * them to `to`, where that is not 0.
 */
export function shiftedSum<T>(x: usize, classes: i32, top: i32, y: i32, to: usize): f64 {
  const m = <f64>load<T>(x + <usize>top * sizeof<T>());
  let sum: f64 = m == m ? 0 : NaN;
  let rest: f64 = 0;
  for (let j = 0; j < classes; j++) {
    const v = <f64>load<T>(x + <usize>j * sizeof<T>());
    const d = v - m;
    let e: f64 = 0;
    let eRest: f64 = 0;
    if (j == top) e = m == m ? 1 : m;
    else if (!(d < -746)) {
      e = exponential(d);
      eRest = exponentialRest + e * sumError(v, -m, d);
      const next = sum + e;
      rest += sumError(sum, e, next) + eRest;
      sum = next;
    }
    if (j == y) {
      shiftedOwn = e;
      shiftedOwnRest = eRest;
    }
    if (to != 0) store<f64>(to + (<usize>j << 3), e + eRest);
  }
  shiftedRest = rest;
  return sum;
}
