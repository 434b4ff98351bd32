import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bytesFromSum, ExactSum, sumFromBytes } from "@lossflow/core";
import { holds } from "../oracle.ts";
import { numbers, sumFrom } from "./sums.ts";

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

  test("hold whatever can be added, by the largest exponents and the least together", () => {
    const sum = new ExactSum();
    for (const [x, exponent] of [
      [Number.MAX_VALUE, 500_000],
      [5e-324, -500_000],
      [-0.1, 499_999],
      [0.1, -499_971],
    ] as const) {
      sum.add(x, exponent);
      const back = sumFromBytes(bytesFromSum(sum));
      expect(back.toDigits()).toEqual(sum.toDigits());
      back.merge(sum, 2n ** 100n);
      expect(sumFromBytes(bytesFromSum(back)).toDigits()).toEqual(back.toDigits());
    }
    // As Node reads files.
    expect(sumFromBytes(Buffer.from(bytesFromSum(sum))).toDigits()).toEqual(sum.toDigits());
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

test("a sum that merges have taken past what the bytes hold is refused, not written as another", () => {
  for (const [times, refused] of [
    [2n ** 500_000n, false],
    [2n ** 600_000n, true],
  ] as const) {
    const one = new ExactSum();
    one.add(1, 500_000);
    const far = new ExactSum();
    far.merge(one, times);
    if (refused) expect(() => bytesFromSum(far)).toThrow("within 2^1000000");
    else expect(sumFromBytes(bytesFromSum(far)).toRational()).toEqual(far.toRational());
    // And so where the least digit is in place, and the greatest is not.
    far.add(1, -500_000);
    if (refused) expect(() => bytesFromSum(far)).toThrow("within 2^1000000");
  }
});
