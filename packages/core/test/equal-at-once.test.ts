import { expect, test } from "vitest";

/* vitest.setup.ts says at once what is equal; what differs in anything must still be told apart. */
const values: readonly (readonly [name: string, make: () => unknown])[] = [
  ["0", () => [0]],
  ["-0", () => [-0]],
  ["NaN", () => [Number.NaN]],
  ["nothing", () => []],
  ["a place without a value", () => Array(1)],
  ["undefined", () => [undefined]],
  ["null", () => [null]],
  ["two", () => [0, 0]],
  ["a list in a list", () => [[0]]],
  ["a record", () => ({ 0: 0 })],
  ["a record with another name", () => ({ a: 0 })],
  ["a record with undefined", () => ({ 0: 0, a: undefined })],
  ["a record with a symbol", () => ({ 0: 0, [Symbol.iterator]: 0 })],
  ["a list with a name", () => Object.assign([0], { a: 0 })],
  ["doubles", () => Float64Array.of(0)],
  ["doubles, -0", () => Float64Array.of(-0)],
  ["doubles, NaN", () => Float64Array.of(Number.NaN)],
  ["doubles, two", () => Float64Array.of(0, 0)],
  ["floats", () => Float32Array.of(0)],
  ["big integers", () => BigInt64Array.of(0n)],
  ["a map", () => new Map([[0, 0]])],
  ["a set", () => new Set([0])],
  ["an error", () => new Error("0")],
  ["another error", () => new Error("1")],
  ["deep", () => ({ a: [{ b: Float64Array.of(1, 2) }] })],
  ["deep, with another end", () => ({ a: [{ b: Float64Array.of(1, 3) }] })],
];

test.each(values)("%s is itself and nothing else", (name, make) => {
  expect(make()).toStrictEqual(make());
  for (const [other, makeOther] of values) if (other !== name) expect(make()).not.toStrictEqual(makeOther());
});

test("what Vitest takes for equal beyond that stays equal", () => {
  expect({ a: undefined }).toEqual({});
  expect([{ a: 1, b: [2] }]).toEqual([{ a: expect.any(Number), b: expect.arrayContaining([2]) }]);
  const ring: unknown[] = [1];
  ring.push(ring);
  const other: unknown[] = [1];
  other.push(other);
  expect(ring).toEqual(other);
});
