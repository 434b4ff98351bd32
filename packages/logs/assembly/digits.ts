/* Decimal digits, many at a time. Sixteen bytes are read wherever a number begins: memory must reach that far. */

const ZEROS: usize = memory.data<u8>([
  48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48,
]);
const NINES: usize = memory.data<u8>([9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9]);
/** From n bytes before the middle on: 16 - n zeros, then n masks of a digit's value. */
const VALUES: usize = memory.data<u8>([
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15,
]);
const PAIRS: usize = memory.data<u16>([2561, 2561, 2561, 2561, 2561, 2561, 2561, 2561]);
const HUNDREDS: usize = memory.data<u16>([100, 1, 100, 1, 100, 1, 100, 1]);
const MYRIADS: usize = memory.data<u16>([10000, 1, 10000, 1, 10000, 1, 10000, 1]);

/** How many of the 16 bytes at `p` are digits before the first that is none. */
// @ts-ignore: decorator
@inline
export function countDigits(p: usize): usize {
  const off = i8x16.gt_u(i8x16.sub(v128.load(p), v128.load(ZEROS)), v128.load(NINES));
  return <usize>ctz(i8x16.bitmask(off) | 0x10000);
}

/** The number that the `n` digits at `p` spell, n from 0 to 8: pairs, fours, eights in one word. */
// @ts-ignore: decorator
@inline
export function upTo8(p: usize, n: usize): u64 {
  // In two steps, since one of 64 bits would be none.
  const half = 32 - (<u64>n << 2);
  let word = ((load<u64>(p) << half) << half) & 0x0f0f0f0f0f0f0f0f;
  word = (word * 2561) >> 8;
  word = ((word & 0x00ff00ff00ff00ff) * 6553601) >> 16;
  return ((word & 0x0000ffff0000ffff) * 42949672960001) >> 32;
}

/** The number that the `n` digits before `end` spell, n up to 16. */
// @ts-ignore: decorator
@inline
export function upTo16(end: usize, n: usize): u64 {
  const digits = v128.and(v128.load(end - 16), v128.load(VALUES + n));
  // 10 a + b in the upper byte of each pair: a * 2561 = a * 10 * 256 + a, and b * 256 stays where it is.
  const pairs = i16x8.shr_u(i16x8.mul(digits, v128.load(PAIRS)), 8);
  const fours = i32x4.dot_i16x8_s(pairs, v128.load(HUNDREDS));
  const eights = i32x4.dot_i16x8_s(i16x8.narrow_i32x4_u(fours, fours), v128.load(MYRIADS));
  const both = <u64>i64x2.extract_lane(eights, 0);
  return (both & 0xffffffff) * 100000000 + (both >> 32);
}
