import { powerOfTwo, splat } from "./vector";

/*
 * A sum without rounding: LIMBS signed digits of 32 bits in i64, digit i worth 2^(32 i - 1074). Numbers must stay
 * below 2^960; 2^31 additions fit before carries must move (normalize).
 */
export const LIMBS: i32 = 68;
/** Numbers from here on are not for these sums. */
export const TOP: i32 = 960;

/** Adds v * 2^exponent, exponent >= -1074. */
export function addInteger(sum: usize, v: i64, exponent: i32): void {
  const position = exponent + 1074;
  const digit = sum + ((<usize>(position >> 5)) << 3);
  const shift = <i64>(position & 31);
  const a = (v & 0xffffffff) << shift;
  const b = (v >> 32) << shift;
  store<i64>(digit, load<i64>(digit) + (a & 0xffffffff));
  store<i64>(digit, load<i64>(digit, 8) + (a >>> 32) + (b & 0xffffffff), 8);
  store<i64>(digit, load<i64>(digit, 16) + (b >> 32), 16);
}

/** Adds a finite double below 2^TOP. */
export function addNumber(sum: usize, x: f64): void {
  const bits = reinterpret<i64>(x);
  const field = <i32>(bits >>> 52) & 0x7ff;
  let mantissa = bits & 0xfffffffffffff;
  if (field != 0) mantissa |= 0x10000000000000;
  addInteger(sum, bits < 0 ? -mantissa : mantissa, max(field, 1) - 1075);
}

/** Moves carries up; digits end between -2^31 and 2^31, so that the highest tells the size. */
export function normalize(sum: usize): void {
  let carry: i64 = 0;
  for (let digit = sum, end = sum + ((<usize>(LIMBS - 1)) << 3); digit < end; digit += 8) {
    const v = load<i64>(digit) + carry;
    carry = (v + 0x80000000) >> 32;
    store<i64>(digit, v - (carry << 32));
  }
  const last = sum + ((<usize>(LIMBS - 1)) << 3);
  store<i64>(last, load<i64>(last) + carry);
}

/**
 * Adds an even count of finite doubles, at most BLOCK, all |x| < 2^top, top <= TOP, and uses them up.
 *
 * Level by level: adding M = 1.5 * 2^(q + 52) cuts x to a multiple of 2^q, whose integer stands in the low bits of the
 * sum; those bits are added as integers, so nothing is lost. What was cut off is exact too, and goes on as the next
 * level, 51 bits lower, until nothing is left, at the latest at 2^-1074: no more than 41 levels, also where the block holds
 * NaN or an infinity, which leave themselves over and over (the sum is void then).
 */
export function addBlock(sum: usize, values: usize, count: i32, top: i32): void {
  const end = values + ((<usize>count) << 3);
  for (let q = max(top - 51, -1074); ; q = max(q - 51, -1074)) {
    const cut = 1.5 * powerOfTwo(q + 52);
    const M = splat(cut);
    let a = i64x2.splat(0);
    let left = i64x2.splat(0);
    for (let at = values; at < end; at += 16) {
      const x = v128.load(at);
      const t = f64x2.add(x, M);
      const rest = f64x2.sub(x, f64x2.sub(t, M));
      a = i64x2.add(a, i64x2.sub(t, M));
      left = v128.or(left, rest);
      v128.store(at, rest);
    }
    addInteger(sum, i64x2.extract_lane(a, 0) + i64x2.extract_lane(a, 1), q);
    // Zeros leave at most their signs.
    if (q == -1074 || !v128.any_true(i64x2.shl(left, 1))) return;
  }
}
