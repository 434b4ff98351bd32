import { productError } from "./product-error.ts";

/**
 * Forms (a + aRest) / (b + bRest) rounded once, each rest being what rounding left of its head, to within 2^-53 of it;
 * null where that is too coarse to tell (a tie, or next to one), or a head is not within 2^-200 .. 2^200 in size.
 *
 * One Newton step: what the rounded quotient leaves of the sum, over the divisor. Its own error is below 2^-100 of the
 * quotient.
 */
export function quotientFromHeads(a: number, aRest: number, b: number, bRest: number): number | null {
  const sizes = [Math.abs(a), Math.abs(b)];
  if (Math.min(...sizes) < 2 ** -200 || Math.max(...sizes) > 2 ** 200) return null;
  const first = a / b;
  const product = first * b;
  const left = a - product - productError(first, b, product) + (aRest - first * bRest);
  const correction = left / b;
  const doubt = Math.abs(first) * 2 ** -100;
  const result = first + (correction - doubt);
  return result === first + (correction + doubt) ? result : null;
}
