import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bytesFromSum, ExactSum } from "@lossflow/core";
import { anyFinite, holds, rationalFromNumber, sumOf, times } from "../oracle.ts";
import { sameNumber, sumFrom } from "./sums.ts";

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
