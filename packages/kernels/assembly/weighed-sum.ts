import { addInteger, addNumber } from "./exact-sum";
import { findExtremes, mayExtend, NOT_FINITE } from "./extremes";
import { highest, highestLow, lowest, lowestLow, noteWords } from "./windows";
import { HALF_MASK } from "./rounding";
import * as S from "./state";
import { addLanes, BLOCK, BLOCK_BYTES, powerOfTwo, splat } from "./vector";
import { losses } from "./workspace";

/*
 * The quick way of weighed sums, of BLOCK losses l >= 0 and weights w > 0: each product becomes two numbers without error, a
 * head and a tail, and one window takes the heads, another the tails. Weights of up to 24 bits (float32, counts) leave both
 * at once, as products by the two halves of the loss; others take the rounded product and its error (Dekker's).
 *
 * With top the greatest exponents of losses and weights together, and 2, and m the least exponent of a head but 0, less 1,
 *
 *     heads are below 2^top and multiples of 2^(m - 52),
 *     tails are below 2^(top - 25) and multiples of 2^(m - 75), of weights of 24 bits,
 *               below 2^(top - 53) and multiples of 2^(m - 104), of others,
 *
 * and a window for numbers below 2^t takes multiples of 2^(t - 89), two windows one within the other 2^(t - 134): all of them where
 * m >= top - 37, or top - 82. Nothing is added before that is known.
 */
/** Where both stand behind the losses: the second and third scratch. */
const HEADS: usize = 4 * BLOCK_BYTES;
const TAILS: usize = 5 * BLOCK_BYTES;
const ROUND = memory.data<i64>([1 << 26, 1 << 26], 16);

/** Of the last weights: their highest and lowest high words, all bits of their low words, and their plain sum. */
let heaviest: u32 = 0;
let lightest: u32 = 0;
let lowBits: u64 = 0;
let plainSum: f64 = 0;
/** The lowest high word of what a window was last asked to take. */
let lowestChained: u32 = 0;

/** Whether the weights of a block, doubles, are all 1, to be looked into first. */
export function areOnes(weights: usize): bool {
  scanWeights(weights);
  return heaviest == ONE && lightest == ONE && lowBits == 0;
}

const ONE: u32 = 0x3ff00000;

/** Adds the block in the workspace by the weights that `areOnes` was asked of; where they do not fit, nothing is added. */
export function addWeighed(state: usize, firstRow: f64, weights: usize): bool {
  const heavy = exponentOfWord(heaviest);
  const light = exponentOfWord(lightest);
  const isShort = (lowBits & 0x1fffffff) == 0;
  // Neither NaN nor infinite nor below 0.
  if (heavy > 400 || light < -400 || light < heavy - 36) return false;
  // Once the minimum is 0, zeros tell nothing new, and need not stand in the way.
  const bit: i64 = load<f64>(state, S.MIN) == 0 ? 1 : 0;
  if (isShort) splitByHalves(weights, bit);
  else splitByError(weights, bit);
  // Nor do products vanish.
  if (highest >= NOT_FINITE || exponentOfWord(lowest) < -500) return false;
  const top = max(exponentOfWord(highest) + heavy + 2, LEAST_TOP);
  if (top > MOST_TOP) return false;
  const topOfTails = isShort ? top - 25 : top - 53;
  if (addChained(state + S.SUM, losses() + HEADS, top, top - 36, bit)) {
    addChained(state + S.SUM, losses() + TAILS, topOfTails, NONE, 0);
  } else {
    if (exponentOfWord(lowestChained) < top - 81) return false;
    addDeeply(state + S.SUM, losses() + HEADS, top);
    addDeeply(state + S.SUM, losses() + TAILS, topOfTails);
  }
  // 53 bits hold the sum of 512 numbers of 24 bits that range over 2^20.
  if (isShort && heavy - light <= 20) addNumber(state + S.WEIGHT_SUM, plainSum);
  else addChained(state + S.WEIGHT_SUM, weights, heavy + 1, NONE, 0);
  if (mayExtend(state, lowest, lowestLow, highest, highestLow)) findExtremes(state, BLOCK, firstRow);
  store<f64>(state, load<f64>(state, S.FINITE) + <f64>BLOCK, S.FINITE);
  store<i32>(state, load<i32>(state, S.QUICK_BLOCKS) + 1, S.QUICK_BLOCKS);
  return true;
}

/** So that units stay normal numbers, and sums below their limit. */
const LEAST_TOP: i32 = -700;
const MOST_TOP: i32 = 900;

/** Below all exponents. */
const NONE: i32 = -1024;

function exponentOfWord(word: u32): i32 {
  return <i32>(word >> 20) - 1023;
}

function scanWeights(weights: usize): void {
  let most = i32x4.splat(0);
  let least = i32x4.splat(-1);
  let bits = i64x2.splat(0);
  let sum0 = splat(0);
  let sum1 = splat(0);
  for (let at = weights, end = weights + BLOCK_BYTES; at < end; at += 32) {
    const a = v128.load(at);
    const b = v128.load(at, 16);
    most = i32x4.max_u(most, i32x4.max_u(a, b));
    least = i32x4.min_u(least, i32x4.min_u(a, b));
    bits = v128.or(bits, v128.or(a, b));
    sum0 = f64x2.add(sum0, a);
    sum1 = f64x2.add(sum1, b);
  }
  heaviest = max<u32>(i32x4.extract_lane(most, 1), i32x4.extract_lane(most, 3));
  lightest = min<u32>(i32x4.extract_lane(least, 1), i32x4.extract_lane(least, 3));
  lowBits = (i64x2.extract_lane(bits, 0) | i64x2.extract_lane(bits, 1)) & 0xffffffff;
  plainSum = addLanes(f64x2.add(sum0, sum1));
}

function splitByHalves(weights: usize, unit: i64): void {
  split(true, weights, unit);
}

function splitByError(weights: usize, unit: i64): void {
  split(false, weights, unit);
}

/**
 * Writes w l as products by the first 26 bits of l and by the others, else rounded and what that took. `unit` is taken from what
 * is looked at for the lowest.
 */
// @ts-ignore: decorator
@inline
function split(isByHalves: bool, weights: usize, unit: i64): void {
  const bit = i64x2.splat(unit);
  const mask = v128.load(HALF_MASK);
  let most = i32x4.splat(0);
  let least = i32x4.splat(-1);
  for (let at = losses(), end = at + BLOCK_BYTES; at < end; at += 32, weights += 32) {
    const l0 = v128.load(at);
    const l1 = v128.load(at, 16);
    const w0 = v128.load(weights);
    const w1 = v128.load(weights, 16);
    const first0 = isByHalves ? v128.and(l0, mask) : l0;
    const first1 = isByHalves ? v128.and(l1, mask) : l1;
    const head0 = f64x2.mul(w0, first0);
    const head1 = f64x2.mul(w1, first1);
    v128.store(at, head0, HEADS);
    v128.store(at, head1, HEADS + 16);
    v128.store(at, isByHalves ? f64x2.mul(w0, f64x2.sub(l0, first0)) : errorOf(w0, l0, head0), TAILS);
    v128.store(at, isByHalves ? f64x2.mul(w1, f64x2.sub(l1, first1)) : errorOf(w1, l1, head1), TAILS + 16);
    most = i32x4.max_u(most, i32x4.max_u(l0, l1));
    least = i32x4.min_u(least, i32x4.min_u(i64x2.sub(l0, bit), i64x2.sub(l1, bit)));
  }
  noteWords(most, least);
}

/** What rounding took from a product; halves of 26 bits, rounded, have products without error. */
// @ts-ignore: decorator
@inline
function errorOf(a: v128, b: v128, product: v128): v128 {
  const mask = v128.load(HALF_MASK);
  const round = v128.load(ROUND);
  const ah = v128.and(i64x2.add(a, round), mask);
  const bh = v128.and(i64x2.add(b, round), mask);
  const al = f64x2.sub(a, ah);
  const bl = f64x2.sub(b, bh);
  const outer = f64x2.add(f64x2.sub(f64x2.mul(ah, bh), product), f64x2.mul(ah, bl));
  return f64x2.add(f64x2.add(outer, f64x2.mul(al, bh)), f64x2.mul(al, bl));
}

/**
 * Adds BLOCK doubles below 2^t, multiples of 2^(t - 89), by one window: S begins at 1.5 * 2^(q + 52), q = t - 44, and stays in
 * that binade, as a lane takes 2^7 numbers; each addition cuts x to a multiple of 2^q, and the rests, at most 2^(q - 1) each,
 * add up to 2^(q + 8) at most: 2^53 of their units, so plainly.
 */
function addChained(sum: usize, values: usize, t: i32, bottom: i32, unit: i64): bool {
  const bit = i64x2.splat(unit);
  let least = i32x4.splat(-1);
  const q = t - 44;
  const start = splat(1.5 * powerOfTwo(q + 52));
  let s0 = start;
  let s1 = start;
  let rests0 = splat(0);
  let rests1 = splat(0);
  for (const end = values + BLOCK_BYTES; values < end; values += 32) {
    const x0 = v128.load(values);
    const x1 = v128.load(values, 16);
    least = i32x4.min_u(least, i32x4.min_u(i64x2.sub(x0, bit), i64x2.sub(x1, bit)));
    const t0 = f64x2.add(s0, x0);
    const t1 = f64x2.add(s1, x1);
    rests0 = f64x2.add(rests0, f64x2.sub(x0, f64x2.sub(t0, s0)));
    rests1 = f64x2.add(rests1, f64x2.sub(x1, f64x2.sub(t1, s1)));
    s0 = t0;
    s1 = t1;
  }
  lowestChained = min<u32>(i32x4.extract_lane(least, 1), i32x4.extract_lane(least, 3));
  if (exponentOfWord(lowestChained) < bottom) return false;
  addWindow(sum, s0, s1, start, q);
  addNumber(sum, addLanes(f64x2.add(rests0, rests1)));
  return true;
}

/**
 * Adds BLOCK doubles below 2^t, multiples of 2^(t - 134), by two windows: the rests of the first, at most 2^(q - 1), go to A, which
 * begins at 1.5 * 2^(p + 52), p = q - 45, and has room for 2^7 of them; the rests of that, at most 2^(p - 1), are added plainly.
 */
function addDeeply(sum: usize, values: usize, t: i32): void {
  const q = t - 44;
  const p = q - 45;
  const start = splat(1.5 * powerOfTwo(q + 52));
  const deepStart = splat(1.5 * powerOfTwo(p + 52));
  let s0 = start;
  let s1 = start;
  let a0 = deepStart;
  let a1 = deepStart;
  let rests0 = splat(0);
  let rests1 = splat(0);
  for (const end = values + BLOCK_BYTES; values < end; values += 32) {
    const x0 = v128.load(values);
    const x1 = v128.load(values, 16);
    const t0 = f64x2.add(s0, x0);
    const t1 = f64x2.add(s1, x1);
    const r0 = f64x2.sub(x0, f64x2.sub(t0, s0));
    const r1 = f64x2.sub(x1, f64x2.sub(t1, s1));
    const c0 = f64x2.add(a0, r0);
    const c1 = f64x2.add(a1, r1);
    rests0 = f64x2.add(rests0, f64x2.sub(r0, f64x2.sub(c0, a0)));
    rests1 = f64x2.add(rests1, f64x2.sub(r1, f64x2.sub(c1, a1)));
    s0 = t0;
    s1 = t1;
    a0 = c0;
    a1 = c1;
  }
  addWindow(sum, s0, s1, start, q);
  addWindow(sum, a0, a1, deepStart, p);
  addNumber(sum, addLanes(f64x2.add(rests0, rests1)));
}

/** Adds what the two pairs of lanes of a window took. */
// @ts-ignore: decorator
@inline
function addWindow(sum: usize, a: v128, b: v128, start: v128, q: i32): void {
  const heads = i64x2.sub(i64x2.add(a, b), i64x2.shl(start, 1));
  addInteger(sum, i64x2.extract_lane(heads, 0) + i64x2.extract_lane(heads, 1), q);
}
