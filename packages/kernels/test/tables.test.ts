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
  it("of powers: the square of each is that of twice the exponent", () => {
    const powers = powersOfTwo();
    for (let i = 0; i < 512; i++)
      expect(Math.abs(powers[i]! ** 2 / powers[2 * i]! - 1)).toBeLessThan(2 ** -51);
  });

  it("of the exponential: its polynomial is within 2^-54 of e^r", () => {
    const [, , , a, b] = exponentialConstants().map(fromDouble) as [bigint, bigint, bigint, bigint, bigint];
    for (let i = -32; i <= 32; i++) {
      const r = times(LN2 >> 11n, fromRatio(i, 32));
      const approximated = ONE + r + times(times(r, r), a + times(b, r));
      expect(Math.abs(toDouble(over(approximated, exp(r)) - ONE))).toBeLessThan(2 ** -53);
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
