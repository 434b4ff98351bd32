import type { Numbers } from "../loss.ts";
import { productError } from "../sum/product-error.ts";

/**
 * Computes the exact sum of `factors[i] * values[i]` for from <= i < to (without factors, of the values), rounds it once
 * and divides by `divisor`; a sum too large for float64 is still divided right. NaN and infinities give what IEEE
 * addition gives, except that at a factor 0 the value is not looked at. Factors are >= 0.
 */
export function exactQuotient(
  values: Numbers,
  factors: Numbers | null,
  from: number,
  to: number,
  divisor: number = 1,
): number {
  const sum = exactSum(values, factors, from, to, 1);
  // Too large on the way, or not finite from the start: once more in units of 2^64, where only the latter shows.
  return Number.isFinite(sum)
    ? sum / divisor
    : (exactSum(values, factors, from, to, 2 ** -64) / divisor) * 2 ** 64;
}

/**
 * Each addition leaves its exact rounding error (Knuth's two-sum). The errors are added up in the same way, and the
 * errors of that: three numbers hold 159 bits, enough for most losses. What is left beyond goes into an expansion, a
 * list of numbers that together are the rest without error. A second pass adds what rounding took from the products,
 * but beyond 2^900 and below 2^-900, where it cannot be told. Source: J. R. Shewchuk, doi:10.1007/PL00009321.
 */
function exactSum(values: Numbers, factors: Numbers | null, from: number, to: number, unit: number): number {
  const expansion: number[] = [];
  let special = 0;
  let a = 0;
  let b = 0;
  let c = 0;
  for (let pass = factors === null ? 1 : 0; pass < 2; pass++) {
    for (let i = from; i < to; i++) {
      const factor = factors === null ? unit : factors[i]! * unit;
      const value = factor === 0 ? 0 : values[i]!;
      let x = factor * value;
      if (value - value !== 0) {
        special += x;
        continue;
      }
      if (factors !== null && pass === 1)
        x = isTame(factor) && isTame(value) ? productError(factor, value, x) : 0;
      let sum = a + x;
      let back = sum - a;
      x = a - (sum - back) + (x - back);
      a = sum;
      sum = b + x;
      back = sum - b;
      x = b - (sum - back) + (x - back);
      b = sum;
      sum = c + x;
      back = sum - c;
      x = c - (sum - back) + (x - back);
      c = sum;
      // NaN once a sum has overflowed: then the sum is formed anew.
      if (Math.abs(x) > 0) grow(expansion, x);
    }
  }
  for (const part of [c, b, a]) grow(expansion, part);
  return special === 0 ? roundedSum(expansion) : special;
}

/** Adds `x` to an expansion: numbers of growing size, none overlapping another. */
function grow(expansion: number[], x: number): void {
  let kept = 0;
  for (const y of expansion) {
    const sum = x + y;
    const error = Math.abs(x) < Math.abs(y) ? x - (sum - y) : y - (sum - x);
    if (error !== 0) expansion[kept++] = error;
    x = sum;
  }
  expansion.length = kept;
  expansion.push(x);
}

/** The sum of an expansion, rounded once: what is left behind a half decides which way it goes. */
function roundedSum(expansion: readonly number[]): number {
  let n = expansion.length - 1;
  let sum = expansion[n] ?? 0;
  let error = 0;
  while (n > 0 && error === 0) {
    const y = expansion[--n]!;
    const next = sum + y;
    error = y - (next - sum);
    sum = next;
  }
  const twice = 2 * error;
  const next = sum + twice;
  return n > 0 && error !== 0 && error < 0 === expansion[n - 1]! < 0 && next - sum === twice ? next : sum;
}

function isTame(x: number): boolean {
  return Math.abs(x) < 2 ** 450 && Math.abs(x) > 2 ** -450;
}
