import { AHEAD, F32 } from "./columns";
import { distance2, distancesInRange, HUBER, MAE, MSE, SMOOTH_L1 } from "./distance";
import { addInteger, addNumber, TOP } from "./exact-sum";
import { exponentOf } from "./exponent";
import { findExtremes, mayExtend, NOT_FINITE } from "./extremes";
import { isPaused, noteFailure, noteSuccess } from "./pause";
import * as S from "./state";
import { addLanes, BLOCK, BLOCK_BYTES, pair, powerOfTwo, splat } from "./vector";
import { losses, parameter } from "./workspace";

/*
 * The quick way, for losses >= 0 within 2^40 of each other or so, in one pass:
 *
 * S starts at 2^w. While it stays below 2^(w + 1), each addition cuts x to a multiple of 2^q, q = w - 52, and what is cut
 * off, x - (S' - S), is exact. The rests, at most 2^(q - 1), are added up in A: four additions a number. No x is negative,
 * so S only grows, and has stayed where it is there at the end: its bits less those of 2^w are below 2^52 then, the sum of
 * the cut numbers in units of 2^q. (Of losses that are not of distance, the high words tell whether one is negative.)
 *
 * A lane of A takes 2^9 rests of LONG_BLOCK, at most 2^(q + 8); 53 bits hold that where all x are multiples of
 * 2^(q - 45), which they are where no x but 0 is below 2^(q + 7) = 2^(w - 45). That is read off the high words of the
 * losses after the pass (`zeros`: less 1 bit, 0 has the largest of them all). Where one of the two fails, nothing has been
 * added and the losses take another way. Which way they take never changes the sum, as all are exact.
 *
 * They go two at a time, seven additions for both: S takes x and y, Z = S'' - S is x + y but
 * for two cuts, and the rest of both, at most 2^q, is b - (Z - a), a the larger of them. Z - a is a multiple of a's
 * unit 2^(e - 52) (or of 2^q, which does no harm), and b but for 2^q, so it is exact up to 2^(e + 1). It is beyond that
 * only where a and b lie within 2^q of a power of two; its high word is above that of a then (`over`), and the block
 * takes another way.
 *
 * The deep way, for losses within 2^90, cuts the rests once more: A starts at 1.5 * 2^(p + 52), p = q - 45, where 2^7 rests
 * leave it, and its own rests go to B: four lanes of 2^7 of at most 2^(p - 1), or 2^(p + 8), fit 53 bits where no x but 0
 * is below 2^(p + 7) = 2^(w - 90).
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
/** About the largest sum of a lane in the last pass that failed. */
let reached: f64 = 0;

/** The pass over losses that stand in the workspace, two windows deep. */
// @ts-ignore: decorator
@inline
function deepPass(zeros: bool, state: usize): bool {
  const w = load<i32>(state, S.WINDOW);
  const q = w - 52;
  const p = q - 45;
  const start = splat(powerOfTwo(w));
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
  const h0 = i64x2.sub(s0, start);
  const h1 = i64x2.sub(s1, start);
  const h2 = i64x2.sub(s2, start);
  const h3 = i64x2.sub(s3, start);
  if (!stayed(v128.or(v128.or(h0, h1), v128.or(h2, h3))) || !fits(p + 7)) {
    noteReached(f64x2.max(f64x2.max(s0, s1), f64x2.max(s2, s3)), w);
    return false;
  }
  const heads = i64x2.add(i64x2.add(h0, h1), i64x2.add(h2, h3));
  const middles = i64x2.sub(i64x2.add(a0, a1), i64x2.shl(deepStart, 1));
  addInteger(state + S.SUM, i64x2.extract_lane(heads, 0) + i64x2.extract_lane(heads, 1), q);
  addInteger(state + S.SUM, i64x2.extract_lane(middles, 0) + i64x2.extract_lane(middles, 1), p);
  addNumber(state + S.SUM, addLanes(b0));
  return true;
}

/** The pass that takes two at a time. */
// @ts-ignore: decorator
@inline
function pairPass<T>(kind: i32, zeros: bool, state: usize, target: usize, prediction: usize, count: i32): bool {
  const w = load<i32>(state, S.WINDOW);
  const q = w - 52;
  const start = splat(powerOfTwo(w));
  let s0 = start;
  let s1 = start;
  let rests = splat(0);
  let over = i32x4.splat(0);
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
    const t0 = f64x2.add(f64x2.add(s0, x0), x1);
    const d0 = f64x2.sub(f64x2.sub(t0, s0), a0);
    s0 = t0;
    over = v128.or(over, i32x4.gt_s(d0, a0));
    rests = f64x2.add(rests, f64x2.sub(b0, d0));
    most = i32x4.max_u(most, a0);
    least = i32x4.min_u(least, above(zeros, b0));
    // Of a zero and another the other is the least.
    if (zeros) least = i32x4.min_u(least, above(zeros, a0));

    const a1 = f64x2.pmax(x2, x3);
    const b1 = v128.xor(v128.xor(x2, x3), a1);
    const t1 = f64x2.add(f64x2.add(s1, x2), x3);
    const d1 = f64x2.sub(f64x2.sub(t1, s1), a1);
    s1 = t1;
    over = v128.or(over, i32x4.gt_s(d1, a1));
    rests = f64x2.add(rests, f64x2.sub(b1, d1));
    most = i32x4.max_u(most, a1);
    least = i32x4.min_u(least, above(zeros, b1));
    if (zeros) least = i32x4.min_u(least, above(zeros, a1));
    // No loss of distance is negative, but of others the smaller of two may be.
    if (kind == STORED) most = i32x4.max_u(i32x4.max_u(most, b0), b1);
  }
  noteWords(most, least);
  const h0 = i64x2.sub(s0, start);
  const h1 = i64x2.sub(s1, start);
  const stays = stayed(v128.or(h0, h1));
  // Beyond their binade sums are cut by more, which tells nothing of two losses.
  crossed = stays && (i32x4.extract_lane(over, 1) | i32x4.extract_lane(over, 3)) != 0;
  if (!stays || crossed || !fits(q + 7)) {
    noteReached(f64x2.max(s0, s1), w);
    return false;
  }
  const heads = i64x2.add(h0, h1);
  addInteger(state + S.SUM, i64x2.extract_lane(heads, 0) + i64x2.extract_lane(heads, 1), q);
  addNumber(state + S.SUM, f64x2.extract_lane(rests, 0));
  addNumber(state + S.SUM, f64x2.extract_lane(rests, 1));
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

/** The losses of the pair i. */
// @ts-ignore: decorator
@inline
function loss2<T>(kind: i32, i: i32, target: usize, prediction: usize): v128 {
  if (!isColumn(kind)) return pair<T>(i, prediction);
  const magnitude = i64x2.splat(0x7fffffffffffffff);
  return distance2<T>(kind, pair<T>(i, target), pair<T>(i, prediction), splat(0), splat(0), magnitude);
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

/** Whether sums that began at 2^w are below 2^(w + 1), by all bits that they grew by. */
// @ts-ignore: decorator
@inline
function stayed(grown: v128): bool {
  return (i64x2.extract_lane(grown, 0) | i64x2.extract_lane(grown, 1)) >>> 52 == 0;
}

/** Whether all losses were finite and none but 0 below 2^bottom. */
// @ts-ignore: decorator
@inline
function fits(bottom: i32): bool {
  return highest < NOT_FINITE && lowest >= <u32>max(bottom + 1023, 1) << 20;
}

function noteReached(sums: v128, w: i32): void {
  reached = Math.max(f64x2.extract_lane(sums, 0), f64x2.extract_lane(sums, 1)) - powerOfTwo(w);
  // A NaN may have been the second of two, which the larger does not show; the sums keep it.
  if (reached != reached) highest = NOT_FINITE;
}

/**
 * Zeros are below every window. Once the minimum is 0 they tell nothing new, and a pass can let them by, at two instructions
 * more a pair: so it does for a while after a block that held one.
 */
function passOf(kind: i32, type: i32, state: usize, target: usize, prediction: usize, count: i32): bool {
  crossed = false;
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
  if (kind == STORED) return pairPass<f64>(STORED, zeros, state, 0, losses(), count);
  if (kind == DEEP) return deepPass(zeros, state);
  if (!isColumn(kind)) return pairPass<f64>(HUBER, zeros, state, 0, losses(), count);
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
    // Half as much again, so that the next sums, a little larger, stay as well.
    const w = max(exponentOf(1.5 * reached), <i32>(highest >> 20) - 1023) + 1;
    const window = max(min(w, TOP), LOWEST_WINDOW);
    if (crossed || highest >= NOT_FINITE || window == load<i32>(state, S.WINDOW)) return false;
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
  highest = 0;
  if (isPaused(state + S.WINDOW_PAUSE)) return false;
  if (kind == HUBER || kind == SMOOTH_L1) writeDistances(kind, type, target, prediction, count);
  if (inOnePass(kind, type, state, target, prediction, count, firstRow)) {
    noteSuccess(state + S.WINDOW_PAUSE);
    return true;
  }
  if (highest < NOT_FINITE) noteFailure(state + S.WINDOW_PAUSE);
  return false;
}

/** So that units stay normal numbers. */
export const LOWEST_WINDOW: i32 = -800;
