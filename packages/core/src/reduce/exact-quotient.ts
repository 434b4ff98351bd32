import type { Numbers } from "../loss.ts";
import { productError } from "../sum/product-error.ts";
import { BLOCK, splitBlock } from "../sum/split-block.ts";

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
 * Blocks pass through windows that add without rounding (splitBlock); the few numbers they leave, and short sums, go
 * into an expansion, a list of numbers that together are the sum without error. What rounding took from a product is
 * added too, but beyond 2^900 and below 2^-900, where it cannot be told.
 * Source: J. R. Shewchuk, doi:10.1007/PL00009321.
 */
function exactSum(values: Numbers, factors: Numbers | null, from: number, to: number, unit: number): number {
  const expansion: number[] = [];
  const terms = new Float64Array(to - from < SHORT ? to - from : BLOCK + 2);
  const errors = factors === null ? null : terms.slice();
  let special = 0;
  for (let start = from; start < to; start += BLOCK) {
    const n = Math.min(to - start, BLOCK);
    let max = 0;
    for (let k = 0; k < n; k++) {
      const factor = factors === null ? unit : factors[start + k]! * unit;
      const value = factor === 0 ? 0 : values[start + k]!;
      let term = factor * value;
      if (value - value !== 0) {
        special += term;
        term = 0;
      }
      terms[k] = term;
      const size = Math.abs(term);
      if (size > max) max = size;
      if (errors !== null)
        errors[k] = isTame(factor) && isTame(value) ? productError(factor, value, term) : 0;
    }
    const top = Math.floor(Math.log2(max)) + 2;
    addBlock(expansion, terms, n, top);
    if (errors !== null) addBlock(expansion, errors, n, top - 53);
  }
  return special === 0 ? roundedSum(expansion) : special;
}

/** Adds the first `n` of `terms`, none above 2^top, and uses them up. */
function addBlock(expansion: number[], terms: Float64Array, n: number, top: number): void {
  while (n >= SHORT && Math.abs(top) < 900) {
    // splitBlock takes an even count and writes the two sums behind a whole block; what is left is 87 bits lower.
    if (n % 2 === 1) terms[n++] = 0;
    n = splitBlock(terms, 0, n, top, terms);
    grow(expansion, terms[BLOCK]!);
    grow(expansion, terms[BLOCK + 1]!);
    top -= 87;
  }
  for (let k = 0; k < n; k++) grow(expansion, terms[k]!);
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

/** Below this many numbers windows do not pay. */
const SHORT = 16;
