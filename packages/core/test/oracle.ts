import * as fc from "fast-check";

/** A number as integer * 2^exponent, taken apart by its bits: the independent arithmetic that sums are held against. */
export interface Rational {
  readonly integer: bigint;
  readonly exponent: number;
}

export function rationalFromNumber(x: number): Rational {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, x);
  const high = bits.getUint32(0);
  const field = (high >>> 20) & 0x7ff;
  const fraction = (BigInt(high & 0xfffff) << 32n) | BigInt(bits.getUint32(4));
  const size = field === 0 ? fraction : fraction | (1n << 52n);
  return { integer: x < 0 ? -size : size, exponent: Math.max(field, 1) - 1075 };
}

export function plus(a: Rational, b: Rational): Rational {
  const exponent = Math.min(a.exponent, b.exponent);
  return {
    integer: (a.integer << BigInt(a.exponent - exponent)) + (b.integer << BigInt(b.exponent - exponent)),
    exponent,
  };
}

export function times(a: Rational, b: Rational): Rational {
  return { integer: a.integer * b.integer, exponent: a.exponent + b.exponent };
}

export function sumOf(numbers: Iterable<Rational>): Rational {
  let sum: Rational = { integer: 0n, exponent: 0 };
  for (const number of numbers) sum = plus(sum, number);
  return sum;
}

/** Whether `x` is the float64 nearest to numerator / denominator, the even one of two: by comparing with its neighbours. */
export function isNearest(x: number, numerator: Rational, denominator: Rational): boolean {
  if (denominator.integer === 0n) {
    return Object.is(
      x,
      numerator.integer === 0n ? Number.NaN : numerator.integer > 0n ? Infinity : -Infinity,
    );
  }
  const negative = numerator.integer < 0n !== denominator.integer < 0n;
  const size = Math.abs(x);
  if (size !== 0 && x < 0 !== negative) return false;
  // size is right where below + size <= 2 * quotient <= size + above, an equality being allowed to the even one.
  const quotient = times({ integer: abs(numerator.integer), exponent: numerator.exponent }, TWO);
  const by = { integer: abs(denominator.integer), exponent: denominator.exponent };
  const place = rationalFromNumber(Number.isFinite(size) ? size : Number.MAX_VALUE);
  const even = Number.isFinite(size) ? place.integer % 2n === 0n : true;
  if (size !== 0) {
    const below = Number.isFinite(size) ? rationalFromNumber(previous(size)) : place;
    const here = Number.isFinite(size) ? place : OVERFLOW;
    const low = compare(times(plus(below, here), by), quotient);
    if (low > 0 || (low === 0 && !even)) return false;
  }
  if (!Number.isFinite(size)) return true;
  const next = size === Number.MAX_VALUE ? OVERFLOW : rationalFromNumber(-previous(-size));
  const high = compare(quotient, times(plus(place, next), by));
  return high < 0 || (high === 0 && even);
}

const TWO: Rational = { integer: 2n, exponent: 0 };
const OVERFLOW: Rational = { integer: 1n, exponent: 1024 };
const abs = (x: bigint): bigint => (x < 0n ? -x : x);

function compare(a: Rational, b: Rational): number {
  const { integer } = plus(a, { integer: -b.integer, exponent: b.exponent });
  return integer < 0n ? -1 : integer > 0n ? 1 : 0;
}

/** The next float64 towards -infinity. */
function previous(x: number): number {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, x);
  const image = bits.getBigInt64(0);
  if (x === 0) return -Number.MIN_VALUE;
  bits.setBigInt64(0, image + (x > 0 ? -1n : 1n));
  return bits.getFloat64(0);
}

/** Finite numbers of every size and shape: all exponents, few bits or many, ends of the range, cancelling partners. */
export const anyFinite: fc.Arbitrary<number> = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -50, max: 50 }),
  fc.integer({ min: -1000, max: 1000 }).map((k) => k / 8),
  fc
    .tuple(fc.integer({ min: -1074, max: 1023 }), fc.constantFrom(1, -1, 1.5, -1.75))
    .map(([e, m]) => m * 2 ** e),
  fc.constantFrom(
    0,
    -0,
    5e-324,
    -5e-324,
    2 ** -1022,
    Number.MAX_VALUE,
    -Number.MAX_VALUE,
    1 + 2 ** -52,
    1e16,
    -1e16,
  ),
);

/** The seed of every property; LOSSFLOW_SEED=n runs another, and a failure prints which it was. */
export const seed: number = Number(process.env["LOSSFLOW_SEED"] ?? 20260731);

/** Runs a property with the seed of the suite. */
export function holds<T>(property: fc.IProperty<T>, numRuns = 200): void {
  fc.assert(property, { seed, numRuns });
}
