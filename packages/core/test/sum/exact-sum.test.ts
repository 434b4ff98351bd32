import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bytesFromSum, ExactSum, sumFromBytes } from "@lossflow/core";
import { anyFinite, holds, isNearest, rationalFromNumber, sumOf, times } from "../oracle.ts";
import { numbers, sameNumber, sumFrom } from "./sums.ts";

const ONE = rationalFromNumber(1);

describe("the sum is exact", () => {
  test("of any numbers, and read as the nearest float64", () => {
    holds(
      fc.property(numbers, (values) => {
        const sum = sumFrom(values);
        const exact = sumOf(values.map(rationalFromNumber));
        expect(sameNumber(sum.toRational(), exact)).toBe(true);
        expect(isNearest(sum.value(), exact, ONE)).toBe(true);
        expect(sum.isZero).toBe(exact.integer === 0n);
      }),
      1000,
    );
  });

  test("at ties, at the ends of the range and through overflow", () => {
    expect(sumFrom([1, 2 ** -53]).value()).toBe(1);
    expect(sumFrom([1, 2 ** -53, 2 ** -1074]).value()).toBe(1 + 2 ** -52);
    expect(sumFrom([1 + 2 ** -52, 2 ** -53]).value()).toBe(1 + 2 ** -51);
    expect(sumFrom([1e16, 1, -1e16]).value()).toBe(1);
    expect(sumFrom([1e308, 1e308]).value()).toBe(Infinity);
    expect(sumFrom([1e308, 1e308, -1e308]).value()).toBe(1e308);
    expect(sumFrom([Number.MAX_VALUE, 2 ** 969]).value()).toBe(Number.MAX_VALUE);
    expect(sumFrom([Number.MAX_VALUE, 2 ** 970]).value()).toBe(Infinity);
    expect(sumFrom([2 ** -1022, -5e-324]).value()).toBe(2 ** -1022 - 5e-324);
    expect(Object.is(sumFrom([-0, -0]).value(), 0)).toBe(true);
    expect(new ExactSum().value()).toBe(0);
  });

  test("in the subnormal range, rounded once", () => {
    // 2.5 and a trace above, in units of the smallest number: 3. Rounded to 53 bits first, it would be a tie, and 2.
    const sum = new ExactSum();
    sum.add(2.5, -1074);
    sum.add(1, -1134);
    expect(sum.value()).toBe(3 * 5e-324);
    expect(sum.quotient(sumFrom([1]))).toBe(3 * 5e-324);
    sum.add(-1, -1134);
    expect(sum.value()).toBe(2 * 5e-324);
    expect(sum.quotient(sumFrom([-1]))).toBe(-2 * 5e-324);
  });

  test("below the least normal number of digits that reach far lower", () => {
    // Of 1,024 bits, whose power of 2 is below the square of the least one that float64 has.
    const sum = new ExactSum();
    sum.add(1.5, -1025);
    sum.add(1, -2048);
    expect(sum.value()).toBe(1.5 * 2 ** -1025);
  });

  test("of more numbers than a digit takes before its carries move", () => {
    const sum = new ExactSum();
    for (let i = 0; i < 2 ** 21 + 3; i++) sum.add(-0.9999999999999999);
    expect(sum.toRational().integer).toBe(-9007199254740991n * (2n ** 21n + 3n) * 2n ** 11n);
  });

  const anyFactor = fc.oneof(anyFinite, fc.double({ min: -9, max: 9, noNaN: true }), fc.constantFrom(0, -0));

  test("of products, where float64 underflows or overflows too", () => {
    holds(
      fc.property(
        fc.array(fc.tuple(anyFactor, anyFactor, fc.oneof(fc.constant(1), anyFactor)), { maxLength: 12 }),
        (rows) => {
          const sum = new ExactSum();
          for (const [a, b, c] of rows) sum.addProduct(a, b, c);
          const exact = sumOf(
            rows.map(([a, b, c]) =>
              times(rationalFromNumber(a), times(rationalFromNumber(b), rationalFromNumber(c))),
            ),
          );
          expect(sameNumber(sum.toRational(), exact)).toBe(true);
          expect(isNearest(sum.value(), exact, ONE)).toBe(true);
        },
      ),
      1000,
    );
  });

  test("of numbers times any power of two", () => {
    holds(
      fc.property(anyFinite, fc.integer({ min: -3000, max: 3000 }), (x, exponent) => {
        const sum = new ExactSum();
        sum.add(x, exponent);
        const { integer, exponent: unit } = rationalFromNumber(x);
        expect(sameNumber(sum.toRational(), { integer, exponent: unit + exponent })).toBe(true);
      }),
    );
  });

  test("of a number repeated, for any count", () => {
    const count = fc.oneof(fc.bigInt({ min: 0n, max: 2n ** 200n }), fc.bigInt({ min: 0n, max: 9n }));
    holds(
      fc.property(anyFinite, count, (x, n) => {
        const sum = new ExactSum();
        sum.addRepeated(x, n);
        expect(sameNumber(sum.toRational(), times(rationalFromNumber(x), { integer: n, exponent: 0 }))).toBe(
          true,
        );
      }),
    );
    const sum = new ExactSum();
    sum.addRepeated(0.1, 10n ** 18n);
    sum.add(3.5);
    expect(sum.value()).toBe(1.0000000000000002e17);
    for (const bad of [-1, 0.5, Number.NaN, 2 ** 53, -1n]) {
      expect(() => sum.addRepeated(1, bad)).toThrow(expect.objectContaining({ code: "LF_COUNT" }));
    }
  });
});

test("any order and any partition, merged in any order, give the same bytes", () => {
  holds(
    fc.property(
      numbers,
      fc.array(fc.nat(4), { minLength: 60, maxLength: 60 }),
      fc.integer(),
      (values, parts, turn) => {
        const whole = bytesFromSum(sumFrom(values));
        const partial = Array.from({ length: 5 }, () => new ExactSum());
        values.forEach((x, i) => partial[parts[i]!]!.add(x));
        const from = Math.abs(turn) % 5;
        const merged = new ExactSum();
        for (let k = 0; k < 5; k++) merged.merge(partial[(from + k) % 5]!);
        expect(bytesFromSum(merged)).toEqual(whole);
        const pairs = sumFromBytes(bytesFromSum(partial[0]!));
        for (const other of partial.slice(1).reverse()) pairs.merge(sumFromBytes(bytesFromSum(other)));
        expect(bytesFromSum(pairs)).toEqual(whole);
      },
    ),
    500,
  );
});

test("merging leaves the other as it was, and doubles a sum merged into itself", () => {
  const a = sumFrom([1e300, 3, -1e-300]);
  const b = sumFrom([0.1]);
  const before = bytesFromSum(b);
  a.merge(b);
  expect(bytesFromSum(b)).toEqual(before);
  b.merge(b);
  expect(b.value()).toBe(0.2);
});
