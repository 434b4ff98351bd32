/**
 * Reals as integers over 2^-SCALE, for tables: plain BigInt arithmetic, so that every machine writes the same digits.
 * Each operation errs by a few units of 2^-SCALE, which is far below the last bit of any double taken from it.
 */
export const SCALE = 256n;
export const ONE = 1n << SCALE;

export const fromRatio = (numerator, denominator) => (BigInt(numerator) << SCALE) / BigInt(denominator);
export const times = (a, b) => (a * b) >> SCALE;
export const over = (a, b) => (a << SCALE) / b;

/** e^x by its power series; x from -1 to 1. */
export function exp(x) {
  let sum = ONE;
  for (let term = ONE, n = 1n; term !== 0n && term !== -1n; n++) {
    term = times(term, x) / n;
    sum += term;
  }
  return sum;
}

/** ln(x) for x from 1/2 to 2: 2 atanh(z), z = (x - 1) / (x + 1). */
export function log(x) {
  const z = over(x - ONE, x + ONE);
  const square = times(z, z);
  let sum = 0n;
  for (let power = z, n = 1n; power !== 0n && power !== -1n; n += 2n) {
    sum += power / n;
    power = times(power, square);
  }
  return 2n * sum;
}

export const LN2 = 2n * log(fromRatio(3, 2)) - log(fromRatio(9, 8));

/** The nearest double, ties to even. Exact for every magnitude that a table holds (no subnormals). */
export function toDouble(x) {
  const negative = x < 0n;
  const size = negative ? -x : x;
  if (size === 0n) return 0;
  const cut = BigInt(Math.max(0, size.toString(2).length - 53));
  const half = cut === 0n ? 0n : 1n << (cut - 1n);
  let kept = size >> cut;
  const rest = size - (kept << cut);
  if (cut > 0n && (rest > half || (rest === half && (kept & 1n) === 1n))) kept += 1n;
  const value = Number(kept) * 2 ** Number(cut - SCALE);
  return negative ? -value : value;
}

/** The double as such an integer, without error. */
export function fromDouble(x) {
  let exponent = 0;
  let mantissa = x;
  while (!Number.isInteger(mantissa)) {
    mantissa *= 2;
    exponent++;
  }
  return (BigInt(mantissa) << SCALE) >> BigInt(exponent);
}

/** x rounded to a multiple of 2^-bits: a double that small integers multiply without error. */
export const toGrid = (x, bits) =>
  ((x + (1n << (SCALE - BigInt(bits) - 1n))) >> (SCALE - BigInt(bits))) << (SCALE - BigInt(bits));
