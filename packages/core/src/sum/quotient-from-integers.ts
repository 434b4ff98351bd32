import { scale } from "./scale.ts";

/**
 * Forms `numerator / denominator * 2^exponent`, rounded once to the nearest float64, ties to even, subnormals and
 * overflow included. 0 / 0 is NaN, n / 0 an infinity with the sign of n.
 */
export function quotientFromIntegers(numerator: bigint, denominator: bigint, exponent: number = 0): number {
  if (!numerator || !denominator) return Number(numerator) / Number(denominator);
  if (numerator < 0n !== denominator < 0n) return -quotientFromIntegers(numerator, -denominator, exponent);

  // Cut the quotient at 2^unit: two bits or more below the last that float64 can keep. What is cut off only has to be
  // told from nothing, by an odd last bit.
  const unit = Math.max(bitsOf(numerator) - bitsOf(denominator) + exponent - 60, -1076);
  const shift = exponent - unit;
  const dividend = shift > 0 ? numerator << BigInt(shift) : numerator;
  const divisor = shift < 0 ? denominator << BigInt(-shift) : denominator;
  const cut = dividend / divisor;
  const odd = cut * divisor === dividend ? cut : cut | 1n;

  // Number() rounds to 53 bits, to nearest, ties to even. A subnormal is rounded by the last product: what it loses has
  // two bits then, so that a rounding before does not change its own.
  return scale(Number(odd), unit);
}

/** The number of bits, to within 3 above; 4 more below 0, for both or neither of a quotient. */
function bitsOf(integer: bigint): number {
  return integer.toString(16).length * 4;
}
