import * as fc from "fast-check";
import { expect, test } from "vitest";
import { dice, ExactSum, tversky } from "@lossflow/core";
import type { Numbers } from "@lossflow/core";
import { diceOverlap } from "../../src/losses/dice.ts";
import { sumsOfParts } from "../../src/losses/overlap.ts";
import { holds } from "../oracle.ts";

const { whole } = diceOverlap({});

/** The sums of the parts, each number of which is added to all digits. */
function sumsByDigits(prediction: Numbers, target: Numbers): number[] {
  const sums = [new ExactSum(), new ExactSum(), new ExactSum()];
  for (let i = 0; i < target.length; i++) {
    const p = prediction[i]!;
    const t = target[i]!;
    for (const [part, x] of [p * t, p * (1 - t), (1 - p) * t].entries()) sums[part]!.add(x);
  }
  return sums.map((sum) => sum.value());
}

function expectSums(prediction: Numbers, target: Numbers): void {
  const columns = { prediction, target, rows: target.length, classes: 1, weight: null };
  expect(sumsOfParts(whole, columns)).toEqual(sumsByDigits(prediction, target));
}

const predictions = fc.oneof(
  { weight: 8, arbitrary: fc.float({ min: 0, max: 1, noNaN: true }) },
  { weight: 1, arbitrary: fc.float({ min: 0, max: Math.fround(2 ** -18), noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(0, -0, 1, 2 ** -20, 2 ** -149, Math.fround(1 - 2 ** -24)) },
);

/** Of as many rows as blocks, with one more or less, hard labels and predictions of float32 that repeat with other labels. */
const batches = fc.record({
  some: fc.array(predictions, { minLength: 1, maxLength: 200 }),
  rows: fc.constantFrom(0, 1, 1023, 1024, 1025, 3000),
  seed: fc.integer({ min: 1, max: 1000 }),
});

test("the sums of float32 predictions and hard labels are exact, and those of the same numbers as float64", () => {
  holds(
    fc.property(batches, ({ some, rows, seed }) => {
      const prediction = Float32Array.from({ length: rows }, (_, i) => some[(i * seed) % some.length]!);
      const target = Float32Array.from({ length: rows }, (_, i) => ((i * seed) >> 3) & 1);
      expectSums(prediction, target);
      expectSums(Float64Array.from(prediction), target);
    }),
    300,
  );
});

test.each([-24, -23, -21, -20, -19])(
  "and so they are where many are near 1 and others near 2^%i",
  (exponent) => {
    let state = 7;
    const next = (): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
    const prediction = Float32Array.from({ length: 9000 }, (_, i) =>
      i % 5 === 0 ? (1 + next()) * 2 ** exponent : 1 - next() / 4,
    );
    const target = Float32Array.from(prediction, () => (next() < 0.5 ? 1 : 0));
    for (const t of [target, new Float32Array(9000), new Float32Array(9000).fill(1)]) {
      expectSums(prediction, t);
    }
  },
);

test("soft labels, NaN and numbers out of range go the other way, wherever they stand", () => {
  for (const make of [dice, tversky]) {
    const loss = make();
    const prediction = Float32Array.from({ length: 1500 }, (_, i) => 1 - 1 / (i + 2));
    const target = new Float32Array(1500).fill(1);
    const soft = target.map((_, i) => (i % 2 === 0 ? 1 : 0.3));
    expectSums(prediction, soft);
    expect(loss.value(prediction.with(1400, Number.NaN), target)).toBeNaN();
    expect(() => loss.value(prediction.with(1400, 1.5), target)).toThrow(/prediction in row 1400 must be/);
    for (const t of [2, -1, Infinity]) {
      expect(() => loss.value(prediction, target.with(1400, t))).toThrow(/target in row 1400 must be/);
    }
    expect(loss.value(prediction, target.with(1400, Number.NaN))).toBeNaN();
  }
});

test("they are found where every number is such a one, too", () => {
  const halves = Float32Array.of(0.5, 0.75);
  const ones = [1, 1];
  const refused = (row: number): unknown =>
    expect.objectContaining({ code: "LF_PROBABILITY_OUT_OF_RANGE", row });
  for (const make of [dice, tversky]) {
    const loss = make();
    expect(() => loss.value(Float32Array.of(1, 1.5), ones)).toThrow(refused(1));
    for (const t of [2, -1, Infinity]) {
      expect(() => loss.value(halves, [t, 1])).toThrow(refused(0));
      expect(() => loss.value(halves, [1, t])).toThrow(refused(1));
    }
    // Of soft labels plain sums would be rounded as they go.
    const prediction = Float32Array.from({ length: 1500 }, (_, i) => 1 - 1 / (i + 2));
    for (const share of [1 / 3, 0.3, 0.7, 0.9])
      expectSums(
        prediction,
        Float64Array.from(prediction, (_, i) => share + Math.sin(i) / 100),
      );
  }
});

const probabilities = fc.oneof(
  { weight: 8, arbitrary: fc.double({ min: 0, max: 1, noNaN: true }) },
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 1e6 }).map((x) => x / 1e6) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 1074 }).map((x) => 2 ** -x) },
  { weight: 1, arbitrary: fc.constantFrom(0, -0, 1, 1 - 2 ** -53, 2 ** -40, 2 ** -53, 5e-324) },
);

const wideBatches = fc.record({
  some: fc.array(probabilities, { minLength: 1, maxLength: 200 }),
  labels: fc.array(probabilities, { minLength: 1, maxLength: 100 }),
  rows: fc.constantFrom(1, 3, 100, 4095, 4096, 4097, 9000),
});

test("the sums of float64 predictions and soft labels are exact", () => {
  holds(
    fc.property(wideBatches, ({ some, labels, rows }) => {
      const prediction = Float64Array.from({ length: rows }, (_, i) => some[i % some.length]!);
      const target = Float64Array.from({ length: rows }, (_, i) => labels[i % labels.length]!);
      expectSums(prediction, target);
      expectSums([...prediction], target);
    }),
    200,
  );
});

test("and so they are at a half and just beside it, where the rests decide", () => {
  const ones = [1, 1, 1, 1];
  const ones4000 = Array.from({ length: 4000 }, () => 1);
  for (const tiny of [0, 2 ** -160, 2 ** -1000]) {
    for (const near of [2 ** -53, 2 ** -53 - 2 ** -106, 3 * 2 ** -53]) {
      expectSums([1, near, tiny, 0], ones);
      expectSums([0, near, tiny, 1], [0, 0, 0, 0]);
      expectSums([0, 0, 0, 0], [1, near, tiny, 0]);
    }
  }
  // What many rests lose decides: each of the last is less than half a unit of those before, and takes the sum over the half,
  // or back below it.
  const over = [...ones4000, 2 ** -42 - 2 ** -95, ...Array.from({ length: 40 }, () => 2 ** -97)];
  const below = [
    ...ones4000,
    ...Array.from({ length: 8 }, () => 2 ** -40),
    2 ** -42 + 2 ** -89,
    ...Array.from({ length: 40 }, () => 2 ** -39 - 2 ** -92),
  ];
  for (const numbers of [over, below]) {
    const all = numbers.map(() => 1);
    const none = numbers.map(() => 0);
    expectSums(numbers, all);
    expectSums(numbers, none);
    expectSums(none, numbers);
  }
  // 4,095 heads of a half each, and their rests.
  const halves = new Float64Array(5000).fill(0.5 + 2 ** -41);
  halves[4999] = 2 ** -80;
  expectSums(halves, new Float64Array(5000).fill(1));
  expectSums(halves, halves);
});

test("no positive and no prediction leave sums of 0, and they are found to be 0", () => {
  const zeros = new Float64Array(5000);
  const some = zeros.map((_, i) => 1 / (i + 1));
  for (const [p, t] of [
    [zeros, zeros],
    [some, zeros],
    [zeros, some],
  ] as const)
    expectSums(p, t);
});

test("a number that is not inside is told in float64 as well, wherever it stands", () => {
  const inside = Float64Array.from({ length: 5000 }, (_, i) => 1 / (i + 1));
  for (const make of [dice, tversky]) {
    for (const at of [0, 4095, 4096, 4999]) {
      for (const x of [1 + 2 ** -52, -5e-324, Infinity, -Infinity]) {
        expect(() => make().value(inside.with(at, x), inside)).toThrow(`prediction in row ${at} must be`);
        expect(() => make().value(inside, inside.with(at, x))).toThrow(`target in row ${at} must be`);
      }
      expect(make().value(inside.with(at, Number.NaN), inside)).toBeNaN();
    }
  }
});
