/** 10^0 to 10^22: the powers of ten that a double holds exactly. */
const POWERS = Float64Array.from({ length: 23 }, (_, k) => Number(`1e${k}`));
const LARGEST = 22;
/** Veltkamp's constant: splits a double into two halves of 26 bits. */
const SPLIT = 134_217_729;
/** Bounds the relative error of the double-double steps below: at most five, each under 2^-102. */
const DOUBT = 2 ** -98;

/**
 * Computes (`mantissa` 10^`lowDigits` + `low`) 10^`power`, correctly rounded, or NaN where that cannot be told this way.
 * `mantissa` is an integer up to 2^53, `low` one below 10^15, `lowDigits` at most 15.
 *
 * One exact integer and a power of ten up to 22 take one multiplication or division, which rounds once (Clinger, "How
 * to read floating point numbers accurately", PLDI 1990). Longer ones are formed as a sum of two doubles (Dekker, "A
 * floating-point technique for extending the available precision", 1971); the result counts where the sum rounds to the
 * same double with its error added and taken away.
 */
export function scaledDecimal(mantissa: number, low: number, lowDigits: number, power: number): number {
  if (lowDigits === 0 && power >= -LARGEST && power <= LARGEST) {
    return power < 0 ? mantissa / POWERS[-power]! : mantissa * POWERS[power]!;
  }
  if (power < -3 * LARGEST || power > 3 * LARGEST) return NaN;
  if (mantissa === 0) return 0;
  let high = mantissa;
  let rest = 0;
  if (lowDigits > 0) {
    const scale = POWERS[lowDigits]!;
    const product = mantissa * scale;
    const error = productError(mantissa, scale, product);
    high = product + low;
    rest = product - high + low + error;
  }
  for (let left = -power; left > 0; left -= LARGEST) {
    const divisor = POWERS[Math.min(left, LARGEST)]!;
    const quotient = high / divisor;
    const product = quotient * divisor;
    rest = (high - product - productError(quotient, divisor, product) + rest) / divisor;
    high = quotient;
  }
  for (let left = power; left > 0; left -= LARGEST) {
    const factor = POWERS[Math.min(left, LARGEST)]!;
    const product = high * factor;
    rest = rest * factor + productError(high, factor, product);
    high = product;
  }
  const doubt = high * DOUBT;
  const value = high + (rest + doubt);
  return value === high + (rest - doubt) ? value : NaN;
}

/** The error of `product` = a b: a b - product, exact. */
function productError(a: number, b: number, product: number): number {
  const p = SPLIT * a;
  const aHigh = p - (p - a);
  const aLow = a - aHigh;
  const q = SPLIT * b;
  const bHigh = q - (q - b);
  const bLow = b - bHigh;
  return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
}
