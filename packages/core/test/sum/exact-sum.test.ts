import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bytesFromSum, ExactSum, sumFromBytes } from "@lossflow/core";
import {
  anyFinite,
  holds,
  isNearest,
  plus,
  rationalFromNumber,
  sumOf,
  times,
  type Rational,
} from "../oracle.ts";

const ONE = rationalFromNumber(1);
const numbers = fc.array(anyFinite, { maxLength: 60 });

function sumFrom(values: readonly number[]): ExactSum {
  const sum = new ExactSum();
  for (const x of values) sum.add(x);
  return sum;
}

function sameNumber(a: Rational, b: Rational): boolean {
  return plus(a, { integer: -b.integer, exponent: b.exponent }).integer === 0n;
}

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

describe("a block adds what its numbers add one by one", () => {
  const blocks = fc.record({
    scale: fc.integer({ min: -1000, max: 960 }),
    spread: fc.constantFrom(0, 5, 40, 90, 300),
    length: fc.integer({ min: 0, max: 2600 }),
    seed: fc.integer(),
  });

  /** Numbers of both signs whose exponents lie in `scale - spread .. scale`. */
  function numbersOf({
    scale,
    spread,
    length,
    seed,
  }: {
    scale: number;
    spread: number;
    length: number;
    seed: number;
  }): number[] {
    let state = seed | 1;
    const next = (): number => {
      state = (Math.imul(state, 1664525) + 1013904223) | 0;
      return (state >>> 0) / 2 ** 32;
    };
    return Array.from(
      { length },
      () => (next() - 0.5 + next() * 2 ** -30) * 2 ** Math.max(-1040, scale - next() * spread),
    );
  }

  test("addArray, from every kind of array and any part of it", () => {
    holds(
      fc.property(blocks, fc.nat(20), fc.nat(20), (block, skipFirst, skipLast) => {
        const values = numbersOf(block);
        const start = Math.min(skipFirst, values.length);
        const end = Math.max(start, values.length - skipLast);
        const one = bytesFromSum(sumFrom(values.slice(start, end)));
        for (const array of [values, Float64Array.from(values)]) {
          const sum = new ExactSum();
          sum.addArray(array, start, end);
          expect(bytesFromSum(sum)).toEqual(one);
        }
        const narrow = Float32Array.from(values, (x) => (Number.isFinite(Math.fround(x)) ? x : 1));
        const sum = new ExactSum();
        sum.addArray(narrow);
        expect(bytesFromSum(sum)).toEqual(bytesFromSum(sumFrom([...narrow])));
      }),
      150,
    );
  });

  test("addProducts", () => {
    holds(
      fc.property(blocks, blocks, (left, right) => {
        const length = Math.min(left.length, right.length);
        const a = numbersOf({ ...left, length });
        const b = numbersOf({ ...right, length });
        const one = new ExactSum();
        for (let i = 0; i < length; i++) one.addProduct(a[i]!, b[i]!);
        const sum = new ExactSum();
        sum.addProducts(a, b);
        expect(bytesFromSum(sum)).toEqual(bytesFromSum(one));
      }),
      100,
    );
  });

  test("of one sign, or of another size than the block before, up to all that it is taken for", () => {
    const uniform = fc.double({ min: 0.5, max: 1, noNaN: true, maxExcluded: true });
    const block = fc.array(uniform, { minLength: 1024, maxLength: 1024 });
    holds(
      fc.property(block, block, fc.constantFrom(1, -1), (first, second, sign) => {
        // Twice as much passes as the block before had; a larger one is looked at again.
        for (const scale of [2 ** -70, 2 ** -44, 1, 1.9, 2, 2.1, 2 ** 80, 2 ** 986, 2 ** 1012]) {
          const values = [...first, ...second.map((x) => sign * scale * x), sign, scale];
          const sum = new ExactSum();
          sum.addArray(values);
          expect(bytesFromSum(sum)).toEqual(bytesFromSum(sumFrom(values)));
        }
      }),
      5,
    );
  });

  test("each twice as large as the one before, up to the end of float64", () => {
    // Each passes as what the block before was taken for: they must not climb past where such sums can be formed.
    for (const last of [989, 993, 995, 1000, 1010, 1012]) {
      const values = Array.from({ length: 1024 * (last - 970) }, (_, i) => 2 ** (961 + Math.floor(i / 1024)));
      const sum = new ExactSum();
      sum.addArray(values);
      expect(bytesFromSum(sum)).toEqual(bytesFromSum(sumFrom(values)));
    }
  });

  test("where one number is nearly all of a block, or takes back all before it", () => {
    const values = Array.from({ length: 2048 }, (_, i) => (1 + i * 2 ** -52) * (i % 3 === 0 ? -1 : 1));
    for (const at of [0, 1, 1000, 1023, 1024, 2047]) {
      for (const x of [-(2 ** 12), 2 ** 12, -(2 ** 60), 2 ** 70 + 2 ** 20, 2 ** -600]) {
        const changed = values.with(at, x);
        const sum = new ExactSum();
        sum.addArray(changed);
        expect(bytesFromSum(sum)).toEqual(bytesFromSum(sumFrom(changed)));
      }
    }
  });

  test("where factors and products leave the range of float64", () => {
    holds(
      fc.property(fc.array(fc.tuple(anyFinite, anyFinite), { maxLength: 60 }), (pairs) => {
        const sum = new ExactSum();
        sum.addProducts(
          pairs.map(([a]) => a),
          pairs.map(([, b]) => b),
        );
        const exact = sumOf(pairs.map(([a, b]) => times(rationalFromNumber(a), rationalFromNumber(b))));
        expect(sameNumber(sum.toRational(), exact)).toBe(true);
      }),
      500,
    );
  });

  test("1,024 equal numbers just below a power of two, whose sum is nearly all that fits", () => {
    for (const x of [1 - 2 ** -53, 2 ** -43 - 2 ** -96, 1 - 2 ** -43 + 2 ** -44]) {
      const sum = new ExactSum();
      sum.addArray(new Float64Array(1024).fill(x));
      const repeated = new ExactSum();
      repeated.addRepeated(x, 1024);
      expect(bytesFromSum(sum)).toEqual(bytesFromSum(repeated));
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

test("NaN and infinities are refused and leave the sum as it was", () => {
  for (const bad of [Number.NaN, Infinity, -Infinity]) {
    const sum = sumFrom([1, 2]);
    const refused = expect.objectContaining({ code: "LF_NON_FINITE" });
    expect(() => sum.add(bad)).toThrow(refused);
    expect(() => sum.addProduct(2, bad)).toThrow(refused);
    expect(() => sum.addProduct(bad, 0, 2)).toThrow(refused);
    expect(() => sum.addProduct(0, bad)).toThrow(refused);
    expect(() => sum.addProduct(0.1, 0.1, bad)).toThrow(refused);
    expect(() => sum.addRepeated(bad, 3)).toThrow(refused);
    expect(sum.value()).toBe(3);

    const values = new Float64Array(3000).fill(0.1);
    values[2500] = bad;
    const at = expect.objectContaining({ code: "LF_NON_FINITE", row: 2500 });
    const expected = new ExactSum();
    expected.addRepeated(0.1, 2500);
    for (const add of [
      (sum: ExactSum): void => sum.addArray(values),
      (sum: ExactSum): void => sum.addArray([...values]),
      (sum: ExactSum): void => sum.addProducts(values, new Float64Array(3000).fill(1)),
    ]) {
      const sum = new ExactSum();
      expect(() => add(sum)).toThrow(at);
      expect(bytesFromSum(sum)).toEqual(bytesFromSum(expected));
    }
  }
});

test("what is no number, from callers without types, is refused with its row wherever it stands", () => {
  for (const bad of [null, undefined, "1", true, 1n] as unknown as number[]) {
    const at = expect.objectContaining({ code: "LF_NON_FINITE", row: 1 });
    const ones = [1, 1, 1];
    const values = [1, bad, 1];
    expect(() => new ExactSum().addArray(values)).toThrow(at);
    expect(() => new ExactSum().addProducts(values, ones)).toThrow(at);
    expect(() => new ExactSum().addProducts(ones, values)).toThrow(at);
  }
});

describe("bytes", () => {
  test("are read back as the same sum", () => {
    holds(
      fc.property(numbers, (values) => {
        const sum = sumFrom(values);
        const back = sumFromBytes(bytesFromSum(sum));
        expect(bytesFromSum(back)).toEqual(bytesFromSum(sum));
        back.add(1);
        sum.add(1);
        expect(back.value()).toBe(sum.value());
      }),
    );
  });

  test("that bytesFromSum would not have written are refused with a code", () => {
    holds(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        let sum: ExactSum;
        try {
          sum = sumFromBytes(bytes);
        } catch (error) {
          expect(error).toMatchObject({ code: "LF_STATE_DAMAGED" });
          return;
        }
        expect(bytesFromSum(sum)).toEqual(bytes);
      }),
      2000,
    );
  });
});
