import { expect, test } from "vitest";
import { NearIntegers } from "../../src/keys/near-integers.ts";
import { ValueTable } from "../../src/keys/value-table.ts";
import { SEED, seededRandom } from "../seeded-random.ts";

/** Integers and others as tables meet them: a range, what its rows are like. */
const RANGES: Readonly<Record<string, (unit: () => number) => number>> = {
  "few near 0": (unit) => Math.floor(20 * unit()) - 10,
  "many in a row": (unit) => Math.floor(200_000 * unit()),
  "at the ends of 32 bits": (unit) => (unit() < 0.5 ? -(2 ** 31) : 2 ** 31 - 50) + Math.floor(50 * unit()),
  "far from each other": (unit) => Math.floor(2 ** 32 * unit()) - 2 ** 31,
  "long beyond 32 bits": (unit) => 2 ** 41 + Math.floor(5000 * unit()),
  "at the ends of 53 bits": (unit) => 2 ** 53 - 20 + Math.floor(40 * unit()),
  "halves and zeros": (unit) => Math.round(40 * unit() - 20) / 2,
  "from wherever": (unit) => Math.round(10 ** (20 * unit()) * (unit() - 0.5)),
};

test.each(Object.entries(RANGES))("numbers are found again, whatever is near: %s", (_, from) => {
  const unit = seededRandom(SEED);
  const table = new ValueTable();
  const isShort = Math.abs(from(unit)) < 2 ** 20;
  for (let round = 0; round < 3; round++) {
    const known = new Map<number, number>();
    const shift = isShort ? 7_000_001 * round : 0;
    const others: ValueTable[] = [];
    for (let part = 0; part < 4; part++) {
      const numbers = Array.from({ length: 8_000 }, () => from(unit) + shift);
      if (numbers.every((x) => (x | 0) === x && !Object.is(x, -0)) && part % 2 === 0) {
        const ids = new Int32Array(numbers.length);
        table.ofIntegers(Int32Array.from(numbers), null, ids);
        for (const [i, x] of numbers.entries()) expectKnown(known, x, ids[i]!);
      } else for (const x of numbers) expectKnown(known, x, table.ofNumber(x));
      const other = new ValueTable();
      for (let i = 0; i < 500; i++) other.ofNumber(from(unit) + shift);
      others.push(other);
    }
    for (const other of others) {
      table.reserveFor(other);
      for (const id of other.inOrder()) {
        const { v } = other.keyAt(id) as { readonly v: number };
        expectKnown(known, v, table.idIn(other, id));
      }
    }
    expect(table.length).toBe(known.size);
    const sorted = [...known.keys()].sort((a, b) => a - b);
    expect(Array.from(table.sortedNumbers()!, (id) => (table.keyAt(id) as { readonly v: number }).v)).toEqual(
      sorted,
    );
    expect([...table.inOrder()].sort((a, b) => a - b)).toEqual(sorted.map((_x, i) => i));
    table.clear();
    expect(table.length).toBe(0);
  }
});

test("what is near takes the room of what is there, not of what lies between", () => {
  const table = new ValueTable();
  for (let i = 0; i < 1000; i++) {
    table.ofNumber(i * 10_000_000);
    table.ofNumber(-i * 1000);
  }
  expect(table.length).toBe(1999);
  for (let i = 0; i < 1000; i++) expect(table.ofNumber(-i * 1000)).toBe(i === 0 ? 0 : 2 * i);
});

function expectKnown(known: Map<number, number>, x: number, id: number): void {
  const before = known.get(x + 0);
  if (before === id) return;
  // One new id a value, in the order in which they come.
  if (before !== undefined || id !== known.size)
    expect.fail(`${x} has ${id}, and had ${before} of ${known.size}`);
  known.set(x + 0, id);
}

test("near integers keep their numbers wherever more come in", () => {
  const unit = seededRandom(SEED);
  const near = new NearIntegers();
  for (let round = 0; round < 20; round++) {
    const known = new Map<number, number>();
    let [least, most] = [0, 0];
    const middle = Math.floor(2 ** 33 * (unit() - 0.5));
    for (let id = 0; id < 300; id++) {
      const x = middle + Math.floor(2 ** (2 + id / 20) * (unit() - 0.5));
      [least, most] = known.size === 0 ? [x, x] : [Math.min(least, x), Math.max(most, x)];
      if (!near.covers(x) && !near.widen(x, x, 1)) expect.fail(`${x} is not taken`);
      if (!known.has(x)) {
        if (near.at(x) !== -1) expect.fail(`${x} is there before it was put`);
        near.put(x, id);
        known.set(x, id);
      }
      if (near.at(x) !== known.get(x)) expect.fail(`${x} has ${near.at(x)}, not ${known.get(x)}`);
    }
    for (const [x, id] of known)
      if (near.at(x) !== id) expect.fail(`${x} has ${near.at(x)} later, not ${id}`);
    expect(near.held).toBe(known.size);
    expect([...near.inOrder()]).toEqual([...known].sort(([a], [b]) => a - b).map(([, id]) => id));
    expect(near.covers(least + 0.5)).toBe(false);
    expect(near.widen(most + 2 ** 20, most + 2 ** 20, 1)).toBe(false);
    near.clear();
  }
});
