/* What rounding takes from sums and products, as doubles of their own. */

/** The first 26 bits of a double. */
export const HALF_MASK = memory.data<i64>([0xfffffffff8000000, 0xfffffffff8000000], 16);

/** What rounding took from `sum` = a + b (Knuth's two-sum). */
// @ts-ignore: decorator
@inline
export function sumError2(a: v128, b: v128, sum: v128): v128 {
  const back = f64x2.sub(sum, a);
  return f64x2.add(f64x2.sub(a, f64x2.sub(sum, back)), f64x2.sub(b, back));
}

/** What rounding took from `product` = a b, of numbers up to about 1 (Dekker's product, the halves cut off by a mask). */
// @ts-ignore: decorator
@inline
export function productError2(a: v128, b: v128, product: v128): v128 {
  const mask = v128.load(HALF_MASK);
  const ah = v128.and(a, mask);
  const bh = v128.and(b, mask);
  const bl = f64x2.sub(b, bh);
  return f64x2.add(
    f64x2.add(f64x2.sub(f64x2.mul(ah, bh), product), f64x2.mul(ah, bl)),
    f64x2.mul(f64x2.sub(a, ah), b),
  );
}

/** The same of one number. */
export function sumError(a: f64, b: f64, sum: f64): f64 {
  return f64x2.extract_lane(sumError2(f64x2.splat(a), f64x2.splat(b), f64x2.splat(sum)), 0);
}

/** The same of one number. */
export function productError(a: f64, b: f64, product: f64): f64 {
  return f64x2.extract_lane(productError2(f64x2.splat(a), f64x2.splat(b), f64x2.splat(product)), 0);
}

/** What rounding took from 1 - x, x from 0 to 1. */
// @ts-ignore: decorator
@inline
export function restOfOneLess2(x: v128, other: v128): v128 {
  return f64x2.sub(f64x2.sub(f64x2.splat(1), other), x);
}
