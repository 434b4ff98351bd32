import { expect, test } from "vitest";
import { focal } from "@lossflow/core";
import { rationalFromNumber } from "../oracle.ts";
import { toExponentialPairs } from "../../src/losses/exponential-pairs.ts";
import { powerOfPair } from "../../src/losses/power-of-pair.ts";

const BITS = 1400n;

/** x in units of 2^-1400. */
function fixed(x: number): bigint {
  const { integer, exponent } = rationalFromNumber(x);
  const shift = BigInt(exponent) + BITS;
  return shift < 0n ? integer >> -shift : integer << shift;
}

/** e^x by its series, of x / 2^10, squared as often. */
function exponential(x: bigint): bigint {
  const small = x >> 10n;
  let sum = 0n;
  for (let term = 1n << BITS, k = 1n; term !== 0n && term !== -1n; k++) {
    sum += term;
    term = ((term * small) >> BITS) / k;
  }
  for (let k = 0; k < 10; k++) sum = (sum * sum) >> BITS;
  return sum;
}

test("an exponential as a sum of two doubles is right to 2^-59 of it, and the first is the nearest to it", () => {
  const inputs = Float64Array.from({ length: 2000 }, (_, i) => -(((i + 0.5) / 2000) ** 3) * 680);
  const heads = inputs.slice();
  const rests = new Float64Array(heads.length);
  toExponentialPairs(heads, rests, heads.length);
  for (const [i, x] of inputs.entries()) {
    const exact = exponential(fixed(x));
    const off = fixed(heads[i]!) + fixed(rests[i]!) - exact;
    expect(Math.abs(Number((off << 80n) / exact)), `of 2^-80 of e^${x}`).toBeLessThan(2 ** 21);
    expect(heads[i]! + rests[i]!).toBe(heads[i]);
  }
});

test("a power of a sum of two doubles takes both to the first order", () => {
  const [rest, once] = [2 ** -30, 2 ** -20];
  // (1 + r)^g (1 + f), less what is r^2 and smaller.
  for (const gamma of [0, 1, 2, 3.5, 40])
    expect(powerOfPair(1, rest, gamma, 1, once) - 1, `gamma ${gamma}`).toBeCloseTo(gamma * rest + once, 14);
  expect(powerOfPair(1, NaN, 2, 3, 0)).toBe(3);
});

test("a focal loss is right where p is next to what rounds 1 - p, and its logarithm", () => {
  // ln(1 - p) = -p - p^2 / 2, the next term being below 2^-100 of it.
  for (let k = 1; k < 4096; k += 13) {
    const p = k * 2 ** -64;
    const exact = (fixed(p) * (2n * (1n << BITS) + fixed(p))) >> (BITS + 1n);
    for (const gamma of [0, 1, 2, 3]) {
      const loss = focal({ gamma, reduction: "none" }).value([p], [0])[0]!;
      let wanted = exact;
      for (let times = 0; times < gamma; times++) wanted = (wanted * fixed(p)) >> BITS;
      const off = Number(((fixed(loss) - wanted) << 80n) / wanted) / 2 ** 28;
      expect(Math.abs(off), `of 2^-52 of p = ${p}, gamma ${gamma}`).toBeLessThan(1.6);
    }
  }
});
