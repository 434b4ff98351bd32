/**
 * What rounding took from `product` = a * b, exactly: a * b = product + productError(a, b, product).
 *
 * Each factor is split into halves of 26 bits whose products are exact. Holds while factors, product and error stay
 * normal: |a|, |b| in [2^-400, 2^400] or 0 is safe.
 *
 * Source: T. J. Dekker, A floating-point technique for extending the available precision, doi:10.1007/BF01397083.
 */
export function productError(a: number, b: number, product: number): number {
  const x = SPLIT * a;
  const aHigh = x - (x - a);
  const aLow = a - aHigh;
  const y = SPLIT * b;
  const bHigh = y - (y - b);
  const bLow = b - bHigh;
  return aHigh * bHigh - product + aHigh * bLow + aLow * bHigh + aLow * bLow;
}

const SPLIT = 134217729; // 2^27 + 1
