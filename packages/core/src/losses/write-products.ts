import { productError } from "../sum/product-error.ts";
import { sumError } from "../sum/sum-error.ts";

/** Writes a b + c d + rest as the sum of two doubles, out[i] + rests[i], the second being what rounding took. */
export function writeProducts(
  a: number,
  b: number,
  c: number,
  d: number,
  rest: number,
  out: Float64Array,
  rests: Float64Array,
  i: number,
): void {
  const x = a * b;
  const y = c * d;
  const sum = x + y;
  out[i] = sum;
  rests[i] = sumError(x, y, sum) + productError(a, b, x) + productError(c, d, y) + rest;
}
