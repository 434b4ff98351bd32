/** The numbers that pass the windows together: 2^10 of 43 bits fit the 53 of a double. */
export const BLOCK = 1024;

/**
 * Adds an even count of numbers, at most {@link BLOCK}, all |x| <= 2^top, without error: their sum is
 * `out[BLOCK] + out[BLOCK + 1]` and the remainders `out[0 .. result)`, each at most 2^(top - 87).
 *
 * Each number is split as x = t + u + r, t a multiple of 2^(top - 43) and u of 2^(top - 87), both cut by adding and
 * subtracting 1.5 * 2^52 such units; 1,024 of them add up in a double without rounding. Losses within ten decimal
 * orders of the largest leave no r. `out` may be `values`, from 0.
 * @returns the number of remainders, or -1, `out` being void, where a number is above 2^top, infinite or NaN.
 */
export function splitBlock(
  values: Float64Array,
  from: number,
  to: number,
  top: number,
  out: Float64Array,
): number {
  // Units and sums must stay within float64; far below, only zeros fit.
  if (top > 1000 || (top < -900 && top > -1100)) return -1;
  const limit = 2 ** top;
  const upper = 1.5 * 2 ** (top - 43 + 52);
  const lower = 1.5 * 2 ** (top - 87 + 52);
  let left = 0;
  // Two of everything: each addition waits for the one before in its own chain only.
  let t1 = 0;
  let t2 = 0;
  let u1 = 0;
  let u2 = 0;
  for (let i = from; i < to; i += 2) {
    const x = values[i]!;
    const y = values[i + 1]!;
    if (!(Math.abs(x) <= limit && Math.abs(y) <= limit)) return -1;
    const xHead = x + upper - upper;
    const yHead = y + upper - upper;
    const xTail = x - xHead;
    const yTail = y - yHead;
    const xNext = xTail + lower - lower;
    const yNext = yTail + lower - lower;
    t1 += xHead;
    t2 += yHead;
    u1 += xNext;
    u2 += yNext;
    if (xTail !== xNext || yTail !== yNext) {
      out[left++] = xTail - xNext;
      out[left++] = yTail - yNext;
    }
  }
  out[BLOCK] = t1 + t2;
  out[BLOCK + 1] = u1 + u2;
  return left;
}
