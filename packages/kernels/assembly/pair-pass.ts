import { AHEAD } from "./columns";
import { distance2, MAE, MSE } from "./distance";
import { addInteger } from "./exact-sum";
import * as S from "./state";
import { pair, powerOfTwo, splat } from "./vector";
import { above, fits, noteWords } from "./windows";
import { rests } from "./workspace";

/*
 * Losses through one window (windows.ts), two at a time: five additions and a maximum for both, and two additions of
 * integers. With C = 2^w and q = w - 52,
 * t = (C + x) + y is C + x + y - r, r what the two cuts left, at most 2^q. Where x and y are below 2^(w - 1), t is in C's
 * binade or rounded up to its end, 2^(w + 1), and its bits less those of C are an integer, (t - C) / 2^q: they are added up
 * as such.
 *
 * With K = 3 * 2^q, a the larger of x and y and b the other, c = (t - (C + K)) - a is b - r - K, and b - c is r + K. That is
 * between 2^(q + 1) and 2^(q + 2), so that its bits less those of K are an integer too, r / 2^(q - 51).
 *
 * All of it is exact where no loss but 0 is below 2^(q + 1): t - (C + K) is a multiple of 2^q below 2^w. c is one of a's
 * unit, 2^(e - 52), and neither above b, as K exceeds r, nor below -2^(q + 2), so 53 bits hold it; if a is 0, it is -K.
 * r + K is a multiple of b's unit, at least 2^(q - 51). Of LONG_BLOCK losses the integers stay far below 2^63.
 */

/** Losses of other kinds than mean squared and absolute errors, as they stand in the workspace. */
export const STORED: i32 = -1;

/** Adds `count` losses two at a time, a multiple of 8 of them, where they fit the window. @returns whether it did, else nothing was added. */
// @ts-ignore: decorator
@inline
export function pairPass<T>(kind: i32, zeros: bool, state: usize, target: usize, prediction: usize, count: i32): bool {
  const w = load<i32>(state, S.WINDOW);
  const q = w - 52;
  const shift = 3 * powerOfTwo(q);
  // By way of memory, as V8 builds such vectors within the loop else, again and again.
  v128.store(rests(), splat(powerOfTwo(w)));
  v128.store(rests(), splat(powerOfTwo(w) + shift), 16);
  const start = v128.load(rests());
  const shifted = v128.load(rests(), 16);
  let heads = i64x2.splat(0);
  let tails = i64x2.splat(0);
  let most = i32x4.splat(0);
  let least = i32x4.splat(-1);
  for (const end = prediction + <usize>count * sizeof<T>(); prediction < end; prediction += 8 * sizeof<T>()) {
    const x0 = loss2<T>(kind, 0, target, prediction);
    const x1 = loss2<T>(kind, 1, target, prediction);
    const x2 = loss2<T>(kind, 2, target, prediction);
    const x3 = loss2<T>(kind, 3, target, prediction);
    if (isColumn(kind)) {
      load<i32>(prediction, AHEAD);
      load<i32>(target, AHEAD);
      target += 8 * sizeof<T>();
    }

    const a0 = f64x2.pmax(x0, x1);
    const b0 = v128.xor(v128.xor(x0, x1), a0);
    const t0 = f64x2.add(f64x2.add(start, x0), x1);
    heads = i64x2.add(heads, t0);
    tails = i64x2.add(tails, f64x2.sub(b0, f64x2.sub(f64x2.sub(t0, shifted), a0)));
    // NaN may be either, and so may be negative numbers, which other losses than of distance can be.
    most = i32x4.max_u(i32x4.max_u(most, a0), b0);
    least = i32x4.min_u(least, above(zeros, b0));
    // Of a zero and another the other is the least.
    if (zeros) least = i32x4.min_u(least, above(zeros, a0));

    const a1 = f64x2.pmax(x2, x3);
    const b1 = v128.xor(v128.xor(x2, x3), a1);
    const t1 = f64x2.add(f64x2.add(start, x2), x3);
    heads = i64x2.add(heads, t1);
    tails = i64x2.add(tails, f64x2.sub(b1, f64x2.sub(f64x2.sub(t1, shifted), a1)));
    most = i32x4.max_u(i32x4.max_u(most, a1), b1);
    least = i32x4.min_u(least, above(zeros, b1));
    if (zeros) least = i32x4.min_u(least, above(zeros, a1));
  }
  noteWords(most, least);
  if (!fits(w - 1, q + 1)) return false;
  const times = <i64>(count >> 1);
  addInteger(state + S.SUM, lanes(heads) - times * reinterpret<i64>(powerOfTwo(w)), q);
  addInteger(state + S.SUM, lanes(tails) - times * reinterpret<i64>(shift), q - 51);
  return true;
}

// @ts-ignore: decorator
@inline
function lanes(x: v128): i64 {
  return i64x2.extract_lane(x, 0) + i64x2.extract_lane(x, 1);
}

/**
 * Whether the pass computes the losses itself from two columns. Those whose own chains are long stand in the workspace:
 * two short passes are faster.
 */
// @ts-ignore: decorator
@inline
export function isColumn(kind: i32): bool {
  return kind == MSE || kind == MAE;
}

/** The losses of the pair i. */
// @ts-ignore: decorator
@inline
function loss2<T>(kind: i32, i: i32, target: usize, prediction: usize): v128 {
  if (!isColumn(kind)) return pair<T>(i, prediction);
  const magnitude = i64x2.splat(0x7fffffffffffffff);
  return distance2<T>(kind, pair<T>(i, target), pair<T>(i, prediction), splat(0), splat(0), magnitude);
}
