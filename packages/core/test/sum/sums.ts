import * as fc from "fast-check";
import { ExactSum } from "@lossflow/core";
import { anyFinite, plus, type Rational } from "../oracle.ts";

/** Up to 60 numbers of any size. */
export const numbers = fc.array(anyFinite, { maxLength: 60 });

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
