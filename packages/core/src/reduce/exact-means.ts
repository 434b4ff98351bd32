import type { Numbers } from "../loss.ts";
import { productError } from "../sum/product-error.ts";
import { sumError } from "../sum/sum-error.ts";

/**
 * Computes the exact sum of factors[i] * values[i] (without factors, of the values) over each of `groups` runs of equal
 * length, rounds it once and divides it by `divisor`; a sum too large for float64 is still divided right. NaN and
 * infinities give what IEEE addition gives, except that at a factor 0 the value is not looked at. Factors are >= 0.
 *
 * Each addition leaves its exact rounding error (Knuth's two-sum), which goes to the level below, the error of that to the
 * next, until there is none: the levels together are the sum without error. Each level stays below the one above by 23
 * bits at least, so that a hundred would do. Source: J. R. Shewchuk, doi:10.1007/PL00009321.
 */
export function exactMeans(
  values: Numbers,
  factors: Numbers | null,
  divisor: number = 1,
  groups: number = 1,
): Float64Array {
  const size = values.length / groups || 0;
  const levels = new Float64Array(128);
  let used = 0;
  /** Adds x to level k, and what rounding leaves of it to those below. */
  const add = (x: number, k: number): void => {
    for (; x !== 0 && k < levels.length; k++) {
      const y = levels[k]!;
      const sum = x + y;
      levels[k] = sum;
      x = sumError(y, x, sum);
      if (k === used) used++;
    }
  };
  const sum = (from: number, unit: number): number => {
    let special = 0;
    for (let i = from; i < from + size; i++) {
      const factor = factors === null ? unit : factors[i]! * unit;
      const value = factor === 0 ? 0 : values[i]!;
      const x = factor * value;
      if (x - x !== 0) special += x;
      else {
        add(x, 0);
        // What rounding took from a product, but beyond 2^900 and below 2^-900, where it cannot be told.
        const error = factors === null ? 0 : productError(factor, value, x);
        if (error - error === 0) add(error, 0);
      }
    }
    // Infinity less itself is NaN.
    special += levels[0]! - levels[0]!;
    // From below, pairs become their rounded sum and its error, until none changes.
    for (let k = special === 0 ? used : 0; k-- > 1;) {
      const high = levels[k - 1]!;
      const low = levels[k]!;
      levels[k] = 0;
      add(low, k - 1);
      if (levels[k - 1] !== high) k = used;
    }
    const [head, error, rest] = levels as unknown as [number, number, number];
    levels.fill((used = 0));
    const next = head + 2 * error;
    // What is left behind a half decides which way it goes.
    const isBeyond = Math.sign(error) === Math.sign(rest) && next - head === 2 * error;
    return special === 0 ? (isBeyond ? next : head) : special;
  };
  return Float64Array.from({ length: groups }, (_, group) => {
    const first = sum(group * size, 1);
    // Too large on the way, or not finite from the start: once more in units of 2^64, where only the latter shows.
    return first - first === 0 ? first / divisor : (sum(group * size, 2 ** -64) / divisor) * 2 ** 64;
  });
}
