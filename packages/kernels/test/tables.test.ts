import { describe, expect, it } from "vitest";
import { exp, fromDouble, fromRatio, LN2, log, ONE, over, times, toDouble } from "../scripts/exact-reals.mjs";
import { exponentialConstants, logarithms, powersOfTwo, softplusTails } from "../scripts/tables.mjs";

describe("reals of 256 bits", () => {
  it("know e and ln 2", () => {
    // OEIS A001113 and A002162.
    expect(digits(exp(ONE), 60)).toBe("2718281828459045235360287471352662497757247093699959574966967");
    expect(digits(LN2, 60)).toBe("693147180559945309417232121458176568075500134360255254120680");
  });

  it("round to the nearest double, ties to even", () => {
    expect(toDouble(fromRatio(1, 3))).toBe(1 / 3);
    expect(toDouble(ONE + (ONE >> 53n))).toBe(1);
    expect(toDouble(ONE + 3n * (ONE >> 53n))).toBe(1 + 2 ** -51);
    expect(toDouble(-(ONE + (ONE >> 53n) + 1n))).toBe(-(1 + 2 ** -52));
    expect(toDouble(fromDouble(0.1))).toBe(0.1);
  });
});

describe("tables", () => {
  it("of powers: 256 of 16 bits after the point, each with what it lacks", () => {
    const powers = powersOfTwo();
    expect(powers.length).toBe(512);
    for (let i = 0; i < 256; i++) {
      const [power, lacking] = [powers[2 * i]!, powers[2 * i + 1]!];
      expect(Number.isInteger(power * 2 ** 16)).toBe(true);
      expect(Math.abs(lacking)).toBeLessThanOrEqual(2 ** -17);
      // (p e^lacking)^256 = 2^i.
      const whole = log(fromDouble(power)) + fromDouble(lacking);
      expect(Math.abs(toDouble(256n * whole - BigInt(i) * LN2))).toBeLessThan(2 ** -60);
    }
  });

  it("of the exponential: its polynomial is within 2^-57 of e^r", () => {
    const [, high, low, a, b, c] = exponentialConstants().map(fromDouble);
    expect(Math.abs(toDouble(high! + low! - (LN2 >> 8n)))).toBeLessThan(2 ** -90);
    for (let i = -32; i <= 32; i++) {
      const r = times((LN2 >> 9n) + (ONE >> 17n), fromRatio(i, 32));
      const terms = a! + times(r, b! + times(r, c!));
      const approximated = ONE + r + times(times(r, r), terms);
      expect(Math.abs(toDouble(over(approximated, exp(r)) - ONE))).toBeLessThan(2 ** -57);
    }
  });

  it("of logarithms: e to each is its centre, and 1 has logarithm 0", () => {
    const rows = logarithms();
    expect(rows.slice(160, 164)).toEqual([1, 1, 0, 0]);
    for (let i = 0; i < rows.length; i += 4) {
      const [centre, inverse, high, low] = rows.slice(i, i + 4).map(fromDouble) as [
        bigint,
        bigint,
        bigint,
        bigint,
      ];
      expect(Math.abs(toDouble(over(exp(high + low), centre) - ONE))).toBeLessThan(2 ** -90);
      expect(Math.abs(toDouble(times(inverse, centre) - ONE))).toBeLessThan(2 ** -52);
    }
  });

  it("of softplus: the polynomials and their derivatives are within a unit of the last place, and far below one", () => {
    const doubles = softplusTails();
    const rows = doubles.map(fromDouble);
    for (let i = 0; i <= 640; i += 7) {
      for (const j of [-8, -5, 0, 3, 8]) {
        const r = fromRatio(j, 256);
        const e = exp(-fromRatio(16 * i + j, 256) / 64n);
        const power = times16(e);
        // The last 24 bits of c6 are the first of 8 c8.
        const end = new BigInt64Array(Float64Array.of(doubles[8 * i + 6]!).buffer)[0]! << 40n;
        const c8 = fromDouble(new Float64Array(BigInt64Array.of(end).buffer)[0]!) / 8n;
        const [f, slope] = evaluated([...rows.slice(8 * i, 8 * i + 8), c8], r);
        const exact = log(ONE + power);
        expect(Math.abs(toDouble(over(f - exact, exact)))).toBeLessThan(2 ** -52);
        const smaller = over(power, ONE + power);
        expect(Math.abs(toDouble(over(-slope - smaller, smaller)))).toBeLessThan(1.3 * 2 ** -53);
      }
    }
  });
});

/** e^64. */
function times16(e: bigint): bigint {
  let power = e;
  for (let i = 0; i < 6; i++) power = times(power, power);
  return power;
}

function evaluated(c: readonly bigint[], r: bigint): [bigint, bigint] {
  let value = 0n;
  let slope = 0n;
  for (let k = c.length - 1; k >= 0; k--) {
    slope = times(slope, r) + value;
    value = times(value, r) + c[k]!;
  }
  return [value, slope];
}

function digits(x: bigint, n: number): string {
  return ((x * 10n ** BigInt(n)) / ONE).toString();
}
