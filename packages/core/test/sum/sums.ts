import { ExactSum } from "@lossflow/core";
import { plus, type Rational } from "../oracle.ts";

/** The sum of numbers that are added one by one. */
export function sumFrom(values: readonly number[]): ExactSum {
  const sum = new ExactSum();
  for (const x of values) sum.add(x);
  return sum;
}

/** Whether two fractions are one number. */
export function sameNumber(a: Rational, b: Rational): boolean {
  return plus(a, { integer: -b.integer, exponent: b.exponent }).integer === 0n;
}
