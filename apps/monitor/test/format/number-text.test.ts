import { expect, test } from "vitest";
import { formatCount, formatNumber } from "../../src/format/number-text.ts";

test.each([
  [0, "0"],
  [null, "-"],
  [Number.NaN, "NaN"],
  [Number.NEGATIVE_INFINITY, "-Infinity"],
  [1.5, "1.5"],
  [2.0833333333333335, "2.08333"],
  [0.00012345678, "0.000123457"],
  [0.000012345678, "1.23457e-5"],
  [12345, "12,345"],
  [-1234567, "-1,234,567"],
  [1234567.89, "1,234,568"],
  [12345.678, "12345.7"],
  [1.6226933508321501e24, "1.62269e24"],
  [1e300, "1e300"],
  [5e-324, "4.94066e-324"],
])("%s reads %s", (value, text) => {
  expect(formatNumber(value)).toBe(text);
});

test("counts past 2^53 keep every digit", () => {
  expect(formatCount(2n ** 60n)).toBe("1,152,921,504,606,846,976");
});
