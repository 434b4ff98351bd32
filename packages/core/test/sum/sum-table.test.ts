import * as fc from "fast-check";
import { expect, test } from "vitest";
import { bytesFromSum, ExactSum } from "@lossflow/core";
import { SumTable } from "@lossflow/core/running";
import { anyFinite, holds } from "../oracle.ts";

const near = fc.double({ min: -4, max: 4, noNaN: true });
const entry = fc.record({
  at: fc.nat(4),
  x: fc.oneof(near, anyFinite),
  y: fc.option(fc.oneof(near, anyFinite)),
});

test("each sum of a table is the exact sum of what was added to it, in any order of merging", () => {
  holds(
    fc.property(fc.array(entry, { maxLength: 60 }), fc.nat(60), (entries, cut) => {
      const alone = Array.from({ length: 5 }, () => new ExactSum());
      const first = new SumTable(5);
      const second = new SumTable(2);
      second.grow(5);
      entries.forEach(({ at, x, y }, i) => {
        const table = i < cut ? first : second;
        if (y === null) {
          alone[at]!.add(x);
          table.add(at, x);
        } else {
          alone[at]!.addProduct(x, y);
          table.addProduct(at, x, y);
        }
      });
      for (let k = 0; k < 5; k++) {
        second.merge(k, first, k);
        expect(bytesFromSum(second.sumAt(k))).toEqual(bytesFromSum(alone[k]!));
        second.clear(k);
        expect(second.sumAt(k).isZero).toBe(true);
      }
    }),
    500,
  );
});

test("NaN and infinities are refused and leave the sum as it was", () => {
  const table = new SumTable(1);
  table.add(0, 1);
  for (const bad of [Number.NaN, Infinity, -Infinity]) {
    expect(() => table.add(0, bad)).toThrow(expect.objectContaining({ code: "LF_NON_FINITE" }));
    expect(() => table.addProduct(0, bad, 2)).toThrow(expect.objectContaining({ code: "LF_NON_FINITE" }));
  }
  expect(table.sumAt(0).value()).toBe(1);
});

test("sums that there are not are refused, and tables of none", () => {
  const refused = (code: string): unknown => expect.objectContaining({ code });
  for (const length of [
    -1,
    0.5,
    Number.NaN,
    2 ** 28 + 1,
    "2" as unknown as number,
    2n as unknown as number,
  ]) {
    expect(() => new SumTable(length)).toThrow(refused("LF_COUNT"));
    expect(() => new SumTable(1).grow(length)).toThrow(refused("LF_COUNT"));
  }
  const table = new SumTable(2);
  table.add(0, 0.5);
  const before = table.toNumbers(Int32Array.of(0, 1));
  const other = new SumTable(1);
  for (const index of [-1, 0.5, 2, Number.NaN]) {
    for (const add of [
      () => table.add(index, 1),
      () => table.addProduct(index, 1, 2),
      () => table.addProduct(index, 1, 2 ** -900),
      () => table.merge(index, other, 0),
      () => table.merge(0, other, index),
      () => table.clear(index),
      () => table.sumAt(index),
    ])
      expect(add).toThrow(refused("LF_BAD_PARAMETER"));
  }
  for (const none of [null, 3, {}] as unknown as SumTable[])
    expect(() => table.merge(0, none, 0)).toThrow(refused("LF_BAD_PARAMETER"));
  expect(table.toNumbers(Int32Array.of(0, 1))).toEqual(before);
});
