import { TOP } from "./exact-sum";

/*
 * A window adds losses >= 0 within 2^42 of each other or so, in one pass: adding them to numbers of the size of C = 2^w cuts
 * them to multiples of 2^q, q = w - 52, and what is cut off is exact (pair-pass.ts, deep-pass.ts). How large and how small they
 * may be is read off the high words of the losses after the pass.
 * Where a bound fails, nothing has been added and the losses take another way. Which way they take never changes the sum,
 * as all are exact.
 */

/** The highest and lowest of the high words that the last pass met, and of the low words, of whichever losses. */
export let highest: u32 = 0;
export let lowest: u32 = 0;
export let highestLow: u32 = 0;
export let lowestLow: u32 = 0;

const ONE_BIT = memory.data<i64>([1, 1], 16);

/** As if the last pass had met nothing. */
export function forgetWords(): void {
  highest = 0;
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

/** Losses as {@link noteWords} is to look for the lowest of them: with `zeros` each less 1 bit, which makes 0 the largest. */
// @ts-ignore: decorator
@inline
export function above(zeros: bool, x: v128): v128 {
  return zeros ? i64x2.sub(x, v128.load(ONE_BIT)) : x;
}

/** Whether all losses were finite, below 2^top and none below 2^bottom, but for zeros that the pass let by. */
// @ts-ignore: decorator
@inline
export function fits(top: i32, bottom: i32): bool {
  return highest < <u32>(top + 1023) << 20 && lowest >= <u32>max(bottom + 1023, 1) << 20;
}

/** So that units stay normal numbers. */
const LOWEST_WINDOW: i32 = -800;

/**
 * The w for losses of which the largest is below 2^(e + 1): those of other blocks may be 2^7 times as large, and in the deep
 * way, where a lane adds up 2^6 of them, 4 times.
 */
export function windowOf(e: i32): i32 {
  return max(min(e + 9, TOP), LOWEST_WINDOW);
}
