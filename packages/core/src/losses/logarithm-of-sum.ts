import { sumError } from "../sum/sum-error.ts";

/** ln(a + b + rest), with what rounding takes from the sum: near 1 it would round b away. */
export function logarithmOfSum(a: number, b: number, rest: number): number {
  const sum = a + b;
  return Math.log(sum) + (sumError(a, b, sum) + rest) / (sum || 1);
}
