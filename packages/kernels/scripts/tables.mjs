import { exp, fromDouble, fromRatio, LN2, log, ONE, over, times, toDouble, toGrid } from "./exact-reals.mjs";

/**
 * For i from 0 to 255 a number p of 16 bits after the point near 2^(i / 256), and ln(2^(i / 256) / p): p adds up without
 * error, and what it lacks is added to the exponent.
 */
export function powersOfTwo() {
  return Array.from({ length: 256 }, (_, i) => {
    const exponent = times(LN2, fromRatio(i, 256));
    const p = toGrid(exp(exponent), 16);
    return [toDouble(p), toDouble(exponent - log(p))];
  }).flat();
}

/**
 * Numbers for e^x = 2^(k / 256) e^r, k the nearest integer to x 256 / ln 2, |r| <= h = ln 2 / 512 + 2^-17:
 * 256 / ln 2; ln 2 / 256 as a part that every k multiplies without error, and the rest;
 * a, b and c of e^r = 1 + r + r^2 (a + b r + c r^2). The lost r^5 / 120 is replaced by the r^3 nearest to it:
 * x^5 - 0.87 x^3 stays within 0.13.
 */
export function exponentialConstants() {
  const step = LN2 >> 8n;
  const high = toGrid(step, 42);
  const h = (step >> 1n) + (ONE >> 17n);
  const b = fromRatio(1, 6) + (times(h, h) * 87n) / 12000n;
  return [over(ONE, step), high, step - high, fromRatio(1, 2), b, fromRatio(1, 24)].map(toDouble);
}

/** The intervals of a logarithm's table, and the bits where they begin: the one around 1 has 1 in its middle. */
const LOG_ROWS = 128;
const LOG_START = 0x3ff00000_00000000n - (40n << 45n) - (1n << 44n);

/**
 * For each of 128 intervals, which divide [LOG_START, 2 LOG_START): its centre c, 1 / c, and ln c as a multiple of
 * 2^-42 and the rest. The interval of 1 has centre 1, so that logarithms near 0 keep their digits.
 */
export function logarithms() {
  const rows = [];
  const doubleOf = (bits) => new Float64Array(BigInt64Array.of(bits).buffer)[0];
  for (let i = 0n; i < LOG_ROWS; i++) {
    const low = doubleOf(LOG_START + (i << 45n));
    const high = doubleOf(LOG_START + ((i + 1n) << 45n));
    const centre = low < 1 && high > 1 ? 1 : Math.fround((low + high) / 2);
    const exact = fromDouble(centre);
    const ln = log(exact);
    rows.push(centre, toDouble(over(ONE, exact)), toDouble(toGrid(ln, 42)), toDouble(ln - toGrid(ln, 42)));
  }
  return rows;
}

/** LOG_START as a double, and ln 2 as a multiple of 2^-42 and the rest. */
export function logarithmConstants() {
  return [
    new Float64Array(BigInt64Array.of(LOG_START).buffer)[0],
    toDouble(toGrid(LN2, 42)),
    toDouble(LN2 - toGrid(LN2, 42)),
  ];
}

/**
 * For each i from 0 to 640, a = i / 16: the coefficients c_0 .. c_7 of f(a + r) = sum of c_k r^k, |r| <= 1/32, for
 * f(a) = ln(1 + e^-a), whose derivative is the sigmoid: with s = 1 / (1 + e^a), f' = -s and s' = -s (1 - s), so all are
 * polynomials in s.
 *
 * The term of the sigmoid in r^8 is replaced by its best approximation below: with x = 32 r,
 * x^8 = (T_8 + 256 x^6 - 160 x^4 + 32 x^2 - 1) / 128, and |T_8| <= 1 leaves 2^-7 of it.
 *
 * Of c_6 40 bits are enough, of c_7 32. Below them stand the beginnings of further doubles: at the end of c_6 24 bits of
 * 8 c_8, which the sigmoid needs; at the end of c_7 16 bits of what rounding took from c_0, before it as many of c_1's.
 */
export function softplusTails() {
  const polynomials = [];
  for (let p = [0n, -1n]; polynomials.length < 9; p = derived(p)) polynomials.push(p);
  const step = exp(fromRatio(1, 16));
  const rows = [];
  for (let i = 0, e = ONE; i <= 640; i++, e = times(e, step)) {
    const s = over(ONE, ONE + e);
    // Coefficients of f' in powers of r.
    const slopes = polynomials.map((p, k) => evaluated(p, s) / factorial(k));
    const last = slopes.pop();
    slopes[6] += (last * 2n) / 32n ** 2n;
    slopes[4] -= (last * 5n) / 4n / 32n ** 4n;
    slopes[2] += last / 4n / 32n ** 6n;
    slopes[0] -= last / 128n / 32n ** 8n;
    const exact = [logOfOnePlus(over(ONE, e)), ...slopes.map((slope, k) => slope / BigInt(k + 1))];
    const row = exact.slice(0, 8).map(toDouble);
    const [rest0, rest1] = [0, 1].map((k) => beginning(toDouble(exact[k] - fromDouble(row[k])), 16n));
    row[6] = withEnd(row[6], 24n, beginning(toDouble(8n * exact[8]), 24n));
    row[7] = withEnd(row[7], 32n, (rest1 << 16n) | rest0);
    rows.push(...row);
  }
  return rows;
}

const bitsOf = (x) => new BigUint64Array(Float64Array.of(x).buffer)[0];

/** The first bits of a double, rounded by what follows. */
const beginning = (x, count) => (bitsOf(x) + (1n << (63n - count))) >> (64n - count);

/** A double whose last bits are replaced. */
const withEnd = (x, count, end) =>
  new Float64Array(BigUint64Array.of(((bitsOf(x) >> count) << count) | end).buffer)[0];

/** d/da of a polynomial in s: its derivative by s, times -s (1 - s). */
function derived(p) {
  const out = Array.from({ length: p.length + 1 }, () => 0n);
  for (let k = 1; k < p.length; k++) {
    out[k] -= BigInt(k) * p[k];
    out[k + 1] += BigInt(k) * p[k];
  }
  return out;
}

function evaluated(p, s) {
  return p.reduceRight((sum, c) => times(sum, s) + c * ONE, 0n);
}

function factorial(n) {
  return n < 2 ? 1n : BigInt(n) * factorial(n - 1);
}

/** ln(1 + e) for e from 0 to 1. */
function logOfOnePlus(e) {
  return e === ONE ? LN2 : log(ONE + e);
}
