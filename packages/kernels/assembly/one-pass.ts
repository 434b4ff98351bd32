import { F32 } from "./columns";
import { absoluteErrors, distance2, HUBER, MAE, MSE, squaredErrors } from "./distance";
import { addInteger, addNumber, TOP } from "./exact-sum";
import { findExtremes, mayExtend, NOT_FINITE } from "./extremes";
import { isPaused, noteFailure, noteSuccess } from "./pause";
import * as S from "./state";
import { addLanes, BLOCK, BLOCK_BYTES, load2, powerOfTwo, splat } from "./vector";
import { losses } from "./workspace";

/*
 * The quick way, for losses >= 0 within 2^36 of each other, in one pass:
 *
 * S starts at 1.5 * 2^(q + 52) and stays in that binade, so each addition cuts x to a multiple of 2^q and what is cut
 * off, x - (S' - S), is exact. The rests, at most 2^(q - 1), are added up in A: four additions a number. Chains of S
 * take n numbers a lane, two of 2^7, in the deep way four of 2^6.
 *
 * With all x < 2^top and q = top + log n - 51: |S - start| <= n 2^top = 2^(q + 51), so S stays. All lanes of A together
 * are at most BLOCK 2^(q - 1) = 2^(q + 8); 53 bits hold that where all x are multiples of 2^(q - 45), which they are
 * where no x but 0 is below 2^(q + 7) = 2^(top - 37). Both conditions are read off the high words of the
 * losses after the pass (`zeros`: less 1 bit, 0 has the largest of them all); where one fails, nothing has been added
 * and the losses take another way. Which way they take never changes the sum, as all are exact.
 *
 * They go two at a time, seven additions for both: S takes x and y, Z = S'' - S is x + y but
 * for two cuts, and the rest of both, at most 2^q, is b - (Z - a), a the larger of them. Z - a is a multiple of a's
 * unit 2^(e - 52) (or of 2^q, which does no harm), and b but for 2^q, so it is exact up to 2^(e + 1). It is beyond that
 * only where a and b lie within 2^q of a power of two; its high word is above that of a then (`over`), and the block
 * takes another way.
 *
 * The deep way, for losses within 2^81, cuts the rests once more: A starts at 1.5 * 2^(p + 52), p = q - 45, and its
 * rests go to B: eight lanes of 2^6 numbers of at most 2^(p - 1), or 2^(p + 8), fit 53 bits where no x but 0 is below
 * 2^(p + 7) = 2^(top - 83).
 */
/** Losses of other kinds than of distance, as they stand in the workspace, and the deep way over them. */
export const STORED: i32 = -1;
export const DEEP: i32 = -2;

const ONE_BIT = memory.data<i64>([1, 1], 16);

/** The highest and lowest of the high words that the last pass met, and of the low words. */
export let highest: u32 = 0;
export let lowest: u32 = 0;
export let highestLow: u32 = 0;
export let lowestLow: u32 = 0;
/** Whether two losses of the last pass lay too near a power of two. */
let crossed: bool = false;

/** The pass over losses that stand in the workspace, two windows deep. */
// @ts-ignore: decorator
@inline
function deepPass(zeros: bool, state: usize): bool {
  const top = load<i32>(state, S.WINDOW);
  const q = top + 6 - 51;
  const p = q - 45;
  const start = splat(1.5 * powerOfTwo(q + 52));
  const deepStart = splat(1.5 * powerOfTwo(p + 52));
  let s0 = start;
  let s1 = start;
  let s2 = start;
  let s3 = start;
  let a0 = deepStart;
  let a1 = deepStart;
  let b0 = splat(0);
  let most = i32x4.splat(0);
  let least = i32x4.splat(-1);
  for (let values = losses(), end = values + BLOCK_BYTES; values < end; values += 64) {
    const x0 = v128.load(values);
    const x1 = v128.load(values, 16);
    const x2 = v128.load(values, 32);
    const x3 = v128.load(values, 48);
    most = i32x4.max_u(i32x4.max_u(most, x0), x1);
    least = i32x4.min_u(i32x4.min_u(least, above(zeros, x0)), above(zeros, x1));
    most = i32x4.max_u(i32x4.max_u(most, x2), x3);
    least = i32x4.min_u(i32x4.min_u(least, above(zeros, x2)), above(zeros, x3));
    const t0 = f64x2.add(s0, x0);
    const t1 = f64x2.add(s1, x1);
    const r0 = f64x2.sub(x0, f64x2.sub(t0, s0));
    const r1 = f64x2.sub(x1, f64x2.sub(t1, s1));
    s0 = t0;
    s1 = t1;
    const c0 = f64x2.add(a0, r0);
    const c1 = f64x2.add(a1, r1);
    b0 = f64x2.add(b0, f64x2.sub(r0, f64x2.sub(c0, a0)));
    b0 = f64x2.add(b0, f64x2.sub(r1, f64x2.sub(c1, a1)));
    const t2 = f64x2.add(s2, x2);
    const t3 = f64x2.add(s3, x3);
    const r2 = f64x2.sub(x2, f64x2.sub(t2, s2));
    const r3 = f64x2.sub(x3, f64x2.sub(t3, s3));
    s2 = t2;
    s3 = t3;
    a0 = f64x2.add(c0, r2);
    a1 = f64x2.add(c1, r3);
    b0 = f64x2.add(b0, f64x2.sub(r2, f64x2.sub(a0, c0)));
    b0 = f64x2.add(b0, f64x2.sub(r3, f64x2.sub(a1, c1)));
  }
  noteWords(most, least);
  if (!fits(top, p + 7)) return false;
  const heads = i64x2.sub(i64x2.add(i64x2.add(s0, s1), i64x2.add(s2, s3)), i64x2.shl(start, 2));
  const middles = i64x2.sub(i64x2.add(a0, a1), i64x2.shl(deepStart, 1));
  addInteger(state + S.SUM, i64x2.extract_lane(heads, 0) + i64x2.extract_lane(heads, 1), q);
  addInteger(state + S.SUM, i64x2.extract_lane(middles, 0) + i64x2.extract_lane(middles, 1), p);
  addNumber(state + S.SUM, addLanes(b0));
  return true;
}

/** The pass that takes two at a time. */
// @ts-ignore: decorator
@inline
function pairPass<T>(kind: i32, zeros: bool, state: usize, target: usize, prediction: usize, ahead: usize): bool {
  const top = load<i32>(state, S.WINDOW);
  const q = top + 7 - 51;
  const start = splat(1.5 * powerOfTwo(q + 52));
  const width = 2 * sizeof<T>();
  let s0 = start;
  let s1 = start;
  let rests = splat(0);
  let over = i32x4.splat(0);
  let most = i32x4.splat(0);
  let least = i32x4.splat(-1);
  for (const end = prediction + <usize>BLOCK * sizeof<T>(); prediction < end; prediction += 4 * width) {
    const x0 = loss2<T>(kind, target, prediction);
    const x1 = loss2<T>(kind, target + width, prediction + width);
    const x2 = loss2<T>(kind, target + 2 * width, prediction + 2 * width);
    const x3 = loss2<T>(kind, target + 3 * width, prediction + 3 * width);
    if (isColumn(kind)) {
      load<i32>(prediction + ahead);
      load<i32>(target + ahead);
      target += 4 * width;
    }

    const a0 = f64x2.pmax(x0, x1);
    const b0 = v128.xor(v128.xor(x0, x1), a0);
    const t0 = f64x2.add(f64x2.add(s0, x0), x1);
    const d0 = f64x2.sub(f64x2.sub(t0, s0), a0);
    s0 = t0;
    over = v128.or(over, i32x4.gt_s(d0, a0));
    rests = f64x2.add(rests, f64x2.sub(b0, d0));
    most = i32x4.max_u(most, a0);
    least = i32x4.min_u(least, above(zeros, b0));

    const a1 = f64x2.pmax(x2, x3);
    const b1 = v128.xor(v128.xor(x2, x3), a1);
    const t1 = f64x2.add(f64x2.add(s1, x2), x3);
    const d1 = f64x2.sub(f64x2.sub(t1, s1), a1);
    s1 = t1;
    over = v128.or(over, i32x4.gt_s(d1, a1));
    rests = f64x2.add(rests, f64x2.sub(b1, d1));
    most = i32x4.max_u(most, a1);
    least = i32x4.min_u(least, above(zeros, b1));
    // No loss of distance is negative, but of others the smaller of two may be.
    if (kind == STORED) most = i32x4.max_u(i32x4.max_u(most, b0), b1);
  }
  noteWords(most, least);
  crossed = (i32x4.extract_lane(over, 1) | i32x4.extract_lane(over, 3)) != 0;
  // A NaN may have been the second of two, which the larger does not show; the sums keep it.
  const sum = addLanes(f64x2.add(s0, s1));
  if (sum != sum) highest = NOT_FINITE;
  if (crossed || !fits(top, q + 7)) return false;
  const heads = i64x2.sub(i64x2.add(s0, s1), i64x2.shl(start, 1));
  addInteger(state + S.SUM, i64x2.extract_lane(heads, 0) + i64x2.extract_lane(heads, 1), q);
  addNumber(state + S.SUM, addLanes(rests));
  return true;
}

/**
 * Whether the pass computes the losses itself from two columns. Those whose own chains are long stand in the workspace:
 * two short passes are faster.
 */
// @ts-ignore: decorator
@inline
function isColumn(kind: i32): bool {
  return kind == MSE || kind == MAE;
}

// @ts-ignore: decorator
@inline
function loss2<T>(kind: i32, target: usize, prediction: usize): v128 {
  if (!isColumn(kind)) return v128.load(prediction);
  return distance2<T>(kind, load2<T>(target), load2<T>(prediction), splat(0), splat(0), i64x2.splat(0x7fffffffffffffff));
}

/** Takes note of them, from vectors of the highest and the lowest. */
// @ts-ignore: decorator
@inline
export function noteWords(most: v128, least: v128): void {
  highest = max<u32>(i32x4.extract_lane(most, 1), i32x4.extract_lane(most, 3));
  lowest = min<u32>(i32x4.extract_lane(least, 1), i32x4.extract_lane(least, 3));
  highestLow = max<u32>(i32x4.extract_lane(most, 0), i32x4.extract_lane(most, 2));
  lowestLow = min<u32>(i32x4.extract_lane(least, 0), i32x4.extract_lane(least, 2));
}

// @ts-ignore: decorator
@inline
function above(zeros: bool, x: v128): v128 {
  return zeros ? i64x2.sub(x, v128.load(ONE_BIT)) : x;
}

/** Whether all losses were below 2^top and none but 0 below 2^bottom. */
// @ts-ignore: decorator
@inline
function fits(top: i32, bottom: i32): bool {
  return highest < <u32>(top + 1023) << 20 && lowest >= <u32>max(bottom + 1023, 1) << 20;
}

function passOf(kind: i32, type: i32, state: usize, target: usize, prediction: usize, ahead: usize): bool {
  crossed = false;
  // Once the minimum is 0, zeros tell nothing new, and need not stand in the way.
  if (load<f64>(state, S.MIN) == 0) return passWith(true, kind, type, state, target, prediction, ahead);
  return passWith(false, kind, type, state, target, prediction, ahead);
}

// @ts-ignore: decorator
@inline
function passWith(
  zeros: bool,
  kind: i32,
  type: i32,
  state: usize,
  target: usize,
  prediction: usize,
  ahead: usize,
): bool {
  if (kind == STORED) return pairPass<f64>(STORED, zeros, state, 0, losses(), 0);
  if (kind == DEEP) return deepPass(zeros, state);
  if (!isColumn(kind)) return pairPass<f64>(HUBER, zeros, state, 0, losses(), 0);
  if (kind == MAE) return pairPass<f64>(MAE, zeros, state, target, prediction, ahead);
  if (type == F32) return pairPass<f32>(MSE, zeros, state, target, prediction, ahead);
  return pairPass<f64>(MSE, zeros, state, target, prediction, ahead);
}

/** Adds BLOCK losses in one pass, where they fit its windows. */
export function inOnePass(
  kind: i32,
  type: i32,
  state: usize,
  target: usize,
  prediction: usize,
  firstRow: f64,
  ahead: usize,
): bool {
  if (!passOf(kind, type, state, target, prediction, ahead)) {
    const top = max(min(<i32>(highest >> 20) - 1021, TOP), LOWEST_WINDOW);
    if (crossed || highest >= NOT_FINITE || top == load<i32>(state, S.WINDOW)) return false;
    store<i32>(state, top, S.WINDOW);
    if (!passOf(kind, type, state, target, prediction, ahead)) return false;
  }
  if (mayExtend(state, lowest, lowestLow, highest, highestLow)) {
    if (isColumn(kind)) {
      if (kind == MAE) absoluteErrors<f64>(target, prediction, BLOCK, losses(), 0);
      else if (type == F32) squaredErrors<f32>(target, prediction, BLOCK, losses(), 0);
      else squaredErrors<f64>(target, prediction, BLOCK, losses(), 0);
    }
    findExtremes(state, firstRow);
  }
  store<f64>(state, load<f64>(state, S.FINITE) + <f64>BLOCK, S.FINITE);
  store<i32>(state, load<i32>(state, S.QUICK_BLOCKS) + 1, S.QUICK_BLOCKS);
  return true;
}

/** Tries the quick way; the more often it failed in a row, the longer it is not tried. */
export function quick(
  kind: i32,
  type: i32,
  state: usize,
  target: usize,
  prediction: usize,
  firstRow: f64,
  ahead: usize,
): bool {
  highest = 0;
  if (isPaused(state + S.WINDOW_PAUSE)) return false;
  if (inOnePass(kind, type, state, target, prediction, firstRow, ahead)) {
    noteSuccess(state + S.WINDOW_PAUSE);
    return true;
  }
  if (highest < NOT_FINITE) noteFailure(state + S.WINDOW_PAUSE);
  return false;
}

/** So that units stay normal numbers. */
export const LOWEST_WINDOW: i32 = -800;
