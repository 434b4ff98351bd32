import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ExactSum } from "@lossflow/core";
import { anyFinite, holds, isNearest, rationalFromNumber, sumOf } from "../oracle.ts";
import { sumFrom } from "./sums.ts";

describe("a quotient is rounded once", () => {
  test("for any two sums", () => {
    holds(
      fc.property(
        fc.array(anyFinite, { maxLength: 6 }),
        fc.array(anyFinite, { maxLength: 6 }),
        (over, under) => {
          const quotient = sumFrom(over).quotient(sumFrom(under));
          expect(
            isNearest(quotient, sumOf(over.map(rationalFromNumber)), sumOf(under.map(rationalFromNumber))),
          ).toBe(true);
        },
      ),
      1000,
    );
  });

  test("of nothing by anything but nothing is nothing", () => {
    for (const exponent of [-500_000, -3000, -2200, -1074, 0, 1023, 2200, 500_000]) {
      const divisor = new ExactSum();
      divisor.add(1, exponent);
      expect(new ExactSum().quotient(divisor)).toBe(0);
      expect(divisor.quotient(new ExactSum())).toBe(Infinity);
      divisor.add(-2, exponent);
      expect(new ExactSum().quotient(divisor)).toBe(-0);
      expect(divisor.quotient(new ExactSum())).toBe(-Infinity);
    }
    expect(new ExactSum().quotient(new ExactSum())).toBeNaN();
  });

  test("for means as they come, and at ties and next to them", () => {
    holds(
      fc.property(
        fc.array(fc.double({ min: 0, max: 9, noNaN: true }), { minLength: 1, maxLength: 60 }),
        (values) => {
          const mean = sumFrom(values).quotient(sumFrom([values.length]));
          expect(
            isNearest(mean, sumOf(values.map(rationalFromNumber)), rationalFromNumber(values.length)),
          ).toBe(true);
        },
      ),
      1000,
    );
    // A tie, and a tie moved by the smallest trace.
    const tie = [1 + 2 ** -52, 2 ** -53];
    const one = sumFrom([1]);
    expect(sumFrom(tie).quotient(one)).toBe(1 + 2 ** -51);
    expect(sumFrom([...tie, -(2 ** -1074)]).quotient(one)).toBe(1 + 2 ** -52);
    const even = [1, 2 ** -53];
    expect(sumFrom(even).quotient(one)).toBe(1);
    expect(sumFrom([...even, 2 ** -1074]).quotient(one)).toBe(1 + 2 ** -52);
    const three = sumFrom([3, 2 ** -1074]);
    const triple = new ExactSum();
    triple.addProduct(3, 1 + 2 ** -52);
    triple.addProduct(3, 2 ** -53);
    expect(triple.quotient(three)).toBe(1 + 2 ** -52);
  });

  test("where the sums themselves overflow or underflow", () => {
    const big = sumFrom([1.5e308, 1.5e308]);
    expect(big.value()).toBe(Infinity);
    expect(big.quotient(sumFrom([2]))).toBe(1.5e308);
    const small = new ExactSum();
    small.addProduct(1e-300, 1e-300);
    expect(small.value()).toBe(0);
    const square = new ExactSum();
    square.addProduct(1e-300, 3e-300);
    expect(square.quotient(small)).toBe(3);
  });
});
