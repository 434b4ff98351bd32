import { F32 } from "./columns";
import { distance2, distances, HUBER, MAE, MSE, SMOOTH_L1 } from "./distance";
import { addInteger, addNumber, TOP } from "./exact-sum";
import { noteExtremes } from "./extremes";
import * as S from "./state";
import { addLanes, BLOCK, load2, powerOfTwo, splat } from "./vector";
import { losses, parameter } from "./workspace";

/*
 * The quick way, for losses >= 0 within 2^36 of each other, in one pass and four additions a pair:
 *
 * S starts at 1.5 * 2^(q + 52) and stays in that binade, so each addition cuts x to a multiple of 2^q and what is cut
 * off, x - (S' - S), is exact. The rests, at most 2^(q - 1), are added up in A. Four chains of S and two of A take n
 * and 2 n numbers a lane, n being 2^6 for a BLOCK and 2^7 for QUICK.
 *
 * With all x < 2^top and q = top + log n - 51: |S - start| <= n 2^top = 2^(q + 51), so S stays. All lanes of A together
 * are at most 8 n 2^(q - 1); 53 bits hold that where all x are multiples of 2^(q + 2 + log n - 53), which they are
 * where no x but 0 is below 2^(q + 1 + log n): 2^(top - 38) and 2^(top - 36). Both conditions are read off the high
 * words of the losses after the pass (`zeros`: less 1 bit, 0 has the largest of them all); where one fails, nothing has been added and the losses take another way. Which
 * way they take never changes the sum, as all are exact.
 *
 * The deep way, for losses within 2^81, cuts the rests once more: A starts at 1.5 * 2^(p + 52), p = q - 45, and its
 * rests go to B: eight lanes of 2^6 numbers of at most 2^(p - 1), or 2^(p + 8), fit 53 bits where no x but 0 is below
 * 2^(p + 7) = 2^(top - 83).
 */
export const QUICK: i32 = 1024;

/** Where losses come from: computed from two columns, or as they stand in the workspace. */
export const STORED: i32 = -1;
export const DEEP: i32 = -2;

const ONE_BIT = memory.data<i64>([1, 1], 16);

export let highest: u32 = 0;
let lowest: u32 = 0;

// @ts-ignore: decorator
@inline
function pass<T>(kind: i32, deep: bool, zeros: bool, state: usize, target: usize, prediction: usize, count: i32): bool {
  const lanes = count == BLOCK ? 6 : 7;
  const top = load<i32>(state, S.WINDOW);
  const q = top + lanes - 51;
  const p = q - 45;
  const start = splat(1.5 * powerOfTwo(q + 52));
  const deepStart = deep ? splat(1.5 * powerOfTwo(p + 52)) : splat(0);
  const a = splat(parameter(0));
  const half = splat(parameter(0) / 2);
  const width = 2 * sizeof<T>();
  let s0 = start;
  let s1 = start;
  let s2 = start;
  let s3 = start;
  let a0 = deepStart;
  let a1 = deepStart;
  let b0 = splat(0);
  let most = i32x4.splat(0);
  let least = i32x4.splat(-1);
  for (const end = prediction + <usize>count * sizeof<T>(); prediction < end; ) {
    let x0: v128;
    let x1: v128;
    let x2: v128;
    let x3: v128;
    if (kind == STORED) {
      x0 = v128.load(prediction);
      x1 = v128.load(prediction, 16);
      x2 = v128.load(prediction, 32);
      x3 = v128.load(prediction, 48);
    } else {
      x0 = distance2<T>(kind, load2<T>(target), load2<T>(prediction), a, half);
      x1 = distance2<T>(kind, load2<T>(target + width), load2<T>(prediction + width), a, half);
      x2 = distance2<T>(kind, load2<T>(target + 2 * width), load2<T>(prediction + 2 * width), a, half);
      x3 = distance2<T>(kind, load2<T>(target + 3 * width), load2<T>(prediction + 3 * width), a, half);
      target += 4 * width;
    }
    prediction += 4 * width;
    most = i32x4.max_u(i32x4.max_u(most, x0), x1);
    least = i32x4.min_u(least, zeros ? i64x2.sub(x0, v128.load(ONE_BIT)) : x0);
    least = i32x4.min_u(least, zeros ? i64x2.sub(x1, v128.load(ONE_BIT)) : x1);
    most = i32x4.max_u(i32x4.max_u(most, x2), x3);
    least = i32x4.min_u(least, zeros ? i64x2.sub(x2, v128.load(ONE_BIT)) : x2);
    least = i32x4.min_u(least, zeros ? i64x2.sub(x3, v128.load(ONE_BIT)) : x3);
    const t0 = f64x2.add(s0, x0);
    const t1 = f64x2.add(s1, x1);
    const r0 = f64x2.sub(x0, f64x2.sub(t0, s0));
    const r1 = f64x2.sub(x1, f64x2.sub(t1, s1));
    s0 = t0;
    s1 = t1;
    const c0 = f64x2.add(a0, r0);
    const c1 = f64x2.add(a1, r1);
    if (deep) {
      b0 = f64x2.add(b0, f64x2.sub(r0, f64x2.sub(c0, a0)));
      b0 = f64x2.add(b0, f64x2.sub(r1, f64x2.sub(c1, a1)));
    }
    const t2 = f64x2.add(s2, x2);
    const t3 = f64x2.add(s3, x3);
    const r2 = f64x2.sub(x2, f64x2.sub(t2, s2));
    const r3 = f64x2.sub(x3, f64x2.sub(t3, s3));
    s2 = t2;
    s3 = t3;
    a0 = f64x2.add(c0, r2);
    a1 = f64x2.add(c1, r3);
    if (deep) {
      b0 = f64x2.add(b0, f64x2.sub(r2, f64x2.sub(a0, c0)));
      b0 = f64x2.add(b0, f64x2.sub(r3, f64x2.sub(a1, c1)));
    }
  }
  highest = max<u32>(i32x4.extract_lane(most, 1), i32x4.extract_lane(most, 3));
  lowest = min<u32>(i32x4.extract_lane(least, 1), i32x4.extract_lane(least, 3));
  const bottom = deep ? p + 7 : q + 1 + lanes;
  if (highest >= <u32>(top + 1023) << 20 || lowest < <u32>max(bottom + 1023, 1) << 20) return false;
  const heads = i64x2.sub(i64x2.add(i64x2.add(s0, s1), i64x2.add(s2, s3)), i64x2.shl(start, 2));
  addInteger(state + S.SUM, i64x2.extract_lane(heads, 0) + i64x2.extract_lane(heads, 1), q);
  if (deep) {
    const middles = i64x2.sub(i64x2.add(a0, a1), i64x2.shl(deepStart, 1));
    addInteger(state + S.SUM, i64x2.extract_lane(middles, 0) + i64x2.extract_lane(middles, 1), p);
    addNumber(state + S.SUM, addLanes(b0));
  } else {
    addNumber(state + S.SUM, addLanes(f64x2.add(a0, a1)));
  }
  return true;
}

function passOf(kind: i32, type: i32, state: usize, target: usize, prediction: usize, count: i32): bool {
  // Once the minimum is 0, zeros tell nothing new, and need not stand in the way.
  if (load<f64>(state, S.MIN) == 0) return passWith(true, kind, type, state, target, prediction, count);
  return passWith(false, kind, type, state, target, prediction, count);
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
  count: i32,
): bool {
  if (kind == STORED) return pass<f64>(STORED, false, zeros, state, target, prediction, BLOCK);
  if (kind == DEEP) return pass<f64>(STORED, true, zeros, state, target, prediction, BLOCK);
  if (type == F32) {
    if (kind == MSE) return pass<f32>(MSE, false, zeros, state, target, prediction, count);
    if (kind == MAE) return pass<f32>(MAE, false, zeros, state, target, prediction, count);
    if (kind == HUBER) return pass<f32>(HUBER, false, zeros, state, target, prediction, count);
    return pass<f32>(SMOOTH_L1, false, zeros, state, target, prediction, count);
  }
  if (kind == MSE) return pass<f64>(MSE, false, zeros, state, target, prediction, count);
  if (kind == MAE) return pass<f64>(MAE, false, zeros, state, target, prediction, count);
  if (kind == HUBER) return pass<f64>(HUBER, false, zeros, state, target, prediction, count);
  return pass<f64>(SMOOTH_L1, false, zeros, state, target, prediction, count);
}

/** Adds losses in one pass, where they fit its windows; `count` is BLOCK or, straight from columns, QUICK. */
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
    const top = max(min(<i32>(highest >> 20) - 1021, TOP), LOWEST_WINDOW);
    if (highest >= NOT_FINITE || top == load<i32>(state, S.WINDOW)) return false;
    store<i32>(state, top, S.WINDOW);
    if (!passOf(kind, type, state, target, prediction, count)) return false;
  }
  const low = load<f64>(state, S.MIN);
  const high = load<f64>(state, S.MAX);
  if (high < 0 || highest >= highWord(high) || (low > 0 && lowest <= highWord(low))) {
    findExtremes(kind, type, state, target, prediction, count, firstRow);
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
  const pause = load<i32>(state, S.PAUSE);
  if (pause > 0) {
    store<i32>(state, pause - 1, S.PAUSE);
    return false;
  }
  if (inOnePass(kind, type, state, target, prediction, count, firstRow)) {
    store<i32>(state, 0, S.STEP);
    return true;
  }
  if (highest < NOT_FINITE) {
    const step = load<i32>(state, S.STEP);
    store<i32>(state, step, S.PAUSE);
    store<i32>(state, min(2 * step + 1, 31), S.STEP);
  }
  return false;
}

/** High words from here on are of NaN, infinities and negative numbers. */
export const NOT_FINITE: u32 = 0x7ff00000;
/** So that units stay normal numbers. */
export const LOWEST_WINDOW: i32 = -800;

// @ts-ignore: decorator
@inline
function highWord(x: f64): u32 {
  return <u32>(reinterpret<u64>(x) >> 32);
}

/** Looks for the extremes of losses that were added, which may be new ones. */
function findExtremes(
  kind: i32,
  type: i32,
  state: usize,
  target: usize,
  prediction: usize,
  count: i32,
  firstRow: f64,
): void {
  for (let done = 0; done < count; done += BLOCK) {
    if (kind >= 0) {
      const at = <usize>done * (type == 0 ? 4 : 8);
      if (type == 0) distances<f32>(kind, target + at, prediction + at, BLOCK, parameter(0), losses());
      else distances<f64>(kind, target + at, prediction + at, BLOCK, parameter(0), losses());
    }
    let low = v128.load(losses());
    let high = low;
    for (let at = losses() + 16, end = losses() + (<usize>BLOCK << 3); at < end; at += 16) {
      low = f64x2.pmin(low, v128.load(at));
      high = f64x2.pmax(high, v128.load(at));
    }
    noteExtremes(
      state,
      Math.min(f64x2.extract_lane(low, 0), f64x2.extract_lane(low, 1)),
      Math.max(f64x2.extract_lane(high, 0), f64x2.extract_lane(high, 1)),
      firstRow + <f64>done,
    );
  }
}
