import { expect, test } from "vitest";
import { toJson } from "../../src/format/json-text.ts";

test("non-finite numbers are strings, wherever they stand", () => {
  expect(toJson({ a: Number.NaN, b: [Infinity, -Infinity], c: null, d: 0.1 })).toBe(
    '{"a":"NaN","b":["Infinity","-Infinity"],"c":null,"d":0.1}',
  );
});

test("numbers come back to the last bit", () => {
  for (const x of [0.1, 1 / 3, 5e-324, Number.MAX_VALUE, 2 ** 53 + 2, 1.176939193690798]) {
    expect(JSON.parse(toJson({ x }))).toEqual({ x });
  }
});

test("counts past 2^53 are strings", () => {
  expect(toJson({ n: 2n ** 60n })).toBe('{"n":"1152921504606846976"}');
});

test("hostile names come back unchanged, yet hold no control that a terminal obeys", () => {
  const name = "\u001b[2J\u009b31m\u202e\u2028__proto__\u007f";
  const text = toJson({ [name]: name });
  // oxlint-disable-next-line no-control-regex
  expect(text).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e\u2028]/);
  expect(JSON.parse(text)).toEqual({ [name]: name });
});
