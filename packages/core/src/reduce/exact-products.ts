import type { Numbers } from "../loss.ts";
import { productError } from "../sum/product-error.ts";

/**
 * Computes values[i] * factors[i] * unit (factors null: 1 each), each followed by what rounding took from it; 0 where the factor is 0, whose value
 * is not looked at. Beyond 2^900 and below 2^-900 the error cannot be told, and is left out.
 */
export function exactProducts(values: Numbers, factors: Numbers | null, unit: number): Float64Array {
  const products = new Float64Array(2 * values.length);
  for (let i = 0; i < values.length; i++) {
    const factor = (factors?.[i] ?? 1) * unit;
    const value = factor === 0 ? 0 : values[i]!;
    const product = factor * value;
    const error = productError(factor, value, product);
    products[2 * i] = product;
    products[2 * i + 1] = error - error === 0 ? error : 0;
  }
  return products;
}
