import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bytesFromSum, type ExactSum, sumFromBytes } from "@lossflow/core";
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
