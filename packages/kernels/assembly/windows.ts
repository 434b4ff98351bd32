import { NOT_FINITE } from "./extremes";
import { powerOfTwo } from "./vector";

/*
 * A window adds losses >= 0 within 2^40 of each other or so, in one pass:
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
 */

/** The highest and lowest of the high words that the last pass met, and of the low words. */
export let highest: u32 = 0;
export let lowest: u32 = 0;
export let highestLow: u32 = 0;
export let lowestLow: u32 = 0;
/** About the largest sum of a lane in the last pass that failed. */
export let reached: f64 = 0;

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

// @ts-ignore: decorator
@inline
export function above(zeros: bool, x: v128): v128 {
  return zeros ? i64x2.sub(x, v128.load(ONE_BIT)) : x;
}

/** Whether sums that began at 2^w are below 2^(w + 1), by all bits that they grew by. */
// @ts-ignore: decorator
@inline
export function stayed(grown: v128): bool {
  return (i64x2.extract_lane(grown, 0) | i64x2.extract_lane(grown, 1)) >>> 52 == 0;
}

/** Whether all losses were finite and none but 0 below 2^bottom. */
// @ts-ignore: decorator
@inline
export function fits(bottom: i32): bool {
  return highest < NOT_FINITE && lowest >= <u32>max(bottom + 1023, 1) << 20;
}

export function noteReached(sums: v128, w: i32): void {
  reached = Math.max(f64x2.extract_lane(sums, 0), f64x2.extract_lane(sums, 1)) - powerOfTwo(w);
  // A NaN may have been the second of two, which the larger does not show; the sums keep it.
  if (reached != reached) highest = NOT_FINITE;
}

/** So that units stay normal numbers. */
export const LOWEST_WINDOW: i32 = -800;
