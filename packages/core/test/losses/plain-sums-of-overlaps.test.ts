import * as fc from "fast-check";
import { expect, test } from "vitest";
import { dice, tversky } from "@lossflow/core";
import { diceOverlap } from "../../src/losses/dice.ts";
import { sumsOfParts } from "../../src/losses/overlap.ts";
import { holds } from "../oracle.ts";

const { whole } = diceOverlap({});

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

test("the sums of float32 predictions and hard labels are those of the same numbers as float64", () => {
  holds(
    fc.property(batches, ({ some, rows, seed }) => {
      const prediction = Float32Array.from({ length: rows }, (_, i) => some[(i * seed) % some.length]!);
      const target = Float32Array.from({ length: rows }, (_, i) => ((i * seed) >> 3) & 1);
      const columns = { target, rows, classes: 1, weight: null };
      const wide = Float64Array.from(prediction);
      expect(sumsOfParts(whole, { ...columns, prediction })).toEqual(
        sumsOfParts(whole, { ...columns, prediction: wide }),
      );
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
      const columns = { target: t, rows: 9000, classes: 1, weight: null };
      expect(sumsOfParts(whole, { ...columns, prediction })).toEqual(
        sumsOfParts(whole, { ...columns, prediction: Float64Array.from(prediction) }),
      );
    }
  },
);

test("soft labels, NaN and numbers out of range go the other way, wherever they stand", () => {
  for (const make of [dice, tversky]) {
    const loss = make();
    const prediction = Float32Array.from({ length: 1500 }, (_, i) => 1 - 1 / (i + 2));
    const target = new Float32Array(1500).fill(1);
    const soft = target.map((_, i) => (i % 2 === 0 ? 1 : 0.3));
    const columns = { target: soft, rows: 1500, classes: 1, weight: null };
    expect(sumsOfParts(whole, { ...columns, prediction })).toEqual(
      sumsOfParts(whole, { ...columns, prediction: Float64Array.from(prediction) }),
    );
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
    // Of labels of one third plain sums would be rounded as they go.
    const prediction = Float32Array.from({ length: 1500 }, (_, i) => 1 - 1 / (i + 2));
    const soft = new Float64Array(1500).fill(1 / 3);
    const columns = { target: soft, rows: 1500, classes: 1, weight: null };
    expect(sumsOfParts(whole, { ...columns, prediction })).toEqual(
      sumsOfParts(whole, { ...columns, prediction: Float64Array.from(prediction) }),
    );
  }
});
