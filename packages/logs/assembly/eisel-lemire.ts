/* m 10^q by one product of 128 bits. Source: D. Lemire, "Number parsing at a gigabyte per second", doi:10.1002/spe.2984. */

/** The powers of five that the table holds; whatever lies beyond is left to the host. */
export const LEAST_POWER: i32 = -80;
export const MOST_POWER: i32 = 60;

/** The first 128 bits of each power of five, the high word first; the host writes them. */
export const FIVES: usize = memory.data((MOST_POWER - LEAST_POWER + 1) << 4, 16);

/**
 * The double nearest to m 10^q, m > 0, q within the table; 0 where that takes more care. Leaves the lower half of the
 * product out and three carries of its upper half, which add up to less than 4 units: enough unless the nine bits
 * below the rounding are all zeros, or so near to all ones.
 */
// @ts-ignore: decorator
@inline
export function quickly(m: u64, q: i32): f64 {
  const zeros = clz(m);
  const w = m << zeros;
  const five = load<u64>(FIVES + (<usize>(q - LEAST_POWER) << 4));
  const wHigh = w >> 32;
  const fiveHigh = five >> 32;
  const high = wHigh * fiveHigh + ((wHigh * (five & 0xffffffff)) >> 32) + (((w & 0xffffffff) * fiveHigh) >> 32);
  if ((high & 0x1ff) - 1 > 0x1fa) return 0;
  const upper = high >> 63;
  return rounded(high >> (upper + 9), exponentOf(q) + upper - zeros);
}

/** The same with all 128 bits, and more where they do not tell; NaN where even that cannot. */
export function carefully(m: u64, q: i32): f64 {
  const zeros = clz(m);
  const w = m << zeros;
  const five = FIVES + (<usize>(q - LEAST_POWER) << 4);
  let high = highProduct(w, load<u64>(five));
  let low = w * load<u64>(five);
  if ((high & 0x1ff) == 0x1ff) {
    const more = highProduct(w, load<u64>(five, 8));
    low += more;
    if (low < more) high++;
    if (low == u64.MAX_VALUE && (q < -27 || q > 55)) return NaN;
  }
  const upper = high >> 63;
  const shift = upper + 9;
  let bits = high >> shift;
  // Exactly between two doubles: the even one.
  if (low <= 1 && q >= -4 && q <= 23 && (bits & 3) == 1 && bits << shift == high) bits &= ~1;
  return rounded(bits, exponentOf(q) + upper - zeros);
}

/** The biased exponent of 10^q, as that of a product whose highest bit is 0. Within the table no double is subnormal. */
// @ts-ignore: decorator
@inline
function exponentOf(q: i32): u64 {
  return <u64>(<i64>((217706 * q) >> 16) + 63 + 1023);
}

/** The double of 54 bits, rounded by the last; a carry out of the fraction adds to the exponent as it should. */
// @ts-ignore: decorator
@inline
function rounded(bits: u64, exponent: u64): f64 {
  return reinterpret<f64>(((exponent - 1) << 52) + ((bits + (bits & 1)) >> 1));
}

/** The upper 64 bits of a product. */
// @ts-ignore: decorator
@inline
function highProduct(a: u64, b: u64): u64 {
  const aLow = a & 0xffffffff;
  const aHigh = a >> 32;
  const bLow = b & 0xffffffff;
  const bHigh = b >> 32;
  const cross = aHigh * bLow + ((aLow * bLow) >> 32);
  const middle = aLow * bHigh + (cross & 0xffffffff);
  return aHigh * bHigh + (cross >> 32) + (middle >> 32);
}
