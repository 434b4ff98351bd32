import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { balancedBinaryCrossEntropy, RunningLoss } from "@lossflow/core";
import { LossTable } from "@lossflow/core/running";
import { holds, isNearest, rationalFromNumber, sumOf, times, type Rational } from "../oracle.ts";
import { anyRow, stateFrom, type Row } from "./any-row.ts";

describe("what is read", () => {
  test("accounts for every row, and is the nearest float64 to the exact figure", () => {
    holds(
      fc.property(
        fc.array(anyRow, { maxLength: 40 }),
        fc.constantFrom("ignore", "multiply"),
        (rows, zeroWeight) => {
          const state = stateFrom(rows, { zeroWeight });
          const read = RunningLoss.value(state);
          const losses = rows.filter(
            ({ kind, weight }) => kind === "loss" && (zeroWeight === "multiply" || weight !== 0),
          );
          const finite = losses.filter(({ value }) => Number.isFinite(value));

          expect(read.rows).toBe(rows.length);
          expect(Number(read.count) + Number(read.missing) + Number(read.ignored)).toBe(rows.length);
          expect(read.count).toBe(losses.length);
          expect(read.finite).toBe(finite.length);
          expect([read.nan, read.posInf, read.negInf]).toEqual(
            [Number.NaN, Infinity, -Infinity].map(
              (x) => losses.filter(({ value }) => Object.is(value, x)).length,
            ),
          );

          const exact = (f: (row: Row) => Rational): Rational => sumOf(finite.map(f));
          const sum = exact(({ value, weight }) =>
            times(rationalFromNumber(value), rationalFromNumber(weight)),
          );
          const weightSum = exact(({ weight }) => rationalFromNumber(weight));
          const nonZero = finite.filter(({ weight }) => weight !== 0).length;
          const kept = finite.length + Number(read.ignored);
          const divisors = {
            sum: 1,
            mean_by_count: finite.length,
            sum_by_nonzero_weights: nonZero,
            sum_over_batch_size: kept,
          } as const;
          for (const [name, divisor] of Object.entries(divisors)) {
            const figure = RunningLoss.reduce(state, name as keyof typeof divisors);
            if (divisor === 0) expect(figure).toBeNull();
            else expect(isNearest(figure!, sum, rationalFromNumber(divisor))).toBe(true);
          }
          expect(isNearest(read.weightSum, weightSum, rationalFromNumber(1))).toBe(true);
          if (weightSum.integer === 0n) expect(read.mean).toBeNull();
          else expect(isNearest(read.mean!, sum, weightSum)).toBe(true);

          const values = finite.map(({ value }) => value);
          if (values.length === 0)
            expect([read.min, read.minRow, read.max, read.maxRow]).toEqual([null, null, null, null]);
          else {
            const min = Math.min(...values);
            const max = Math.max(...values);
            const firstOf = (x: number): number =>
              rows.findIndex((row) => losses.includes(row) && row.value === x);
            expect(read.min === min && read.max === max).toBe(true);
            expect([read.minRow, read.maxRow]).toEqual([firstOf(min), firstOf(max)]);
          }
        },
      ),
      500,
    );
  });

  test("variance and standard error, against their definition", () => {
    const state = RunningLoss.create();
    RunningLoss.addArray(state, [2, 4, 4, 4, 5, 5, 7, 9]);
    expect(RunningLoss.spread(state)).toEqual({
      variance: 4,
      deviation: 2,
      standardError: Math.sqrt(4 / 7),
      effectiveRows: 8,
    });
    // 1e9 + 0, 1, 2: where E[x^2] - E[x]^2 in doubles would be 0 or negative.
    const far = RunningLoss.create();
    RunningLoss.addArray(far, [1e9, 1e9 + 1, 1e9 + 2]);
    expect(RunningLoss.spread(far).variance).toBe(2 / 3);
    // Weights count by their proportions alone.
    const weighted = RunningLoss.create();
    RunningLoss.addArray(weighted, [1, 2, 3], { weights: [0.5, 0.25, 0.25] });
    const { variance, effectiveRows, standardError } = RunningLoss.spread(weighted);
    expect([variance, effectiveRows]).toEqual([0.6875, 1 / 0.375]);
    expect(standardError).toBeCloseTo(Math.sqrt(0.6875 / (1 / 0.375 - 1)), 15);
    expect(RunningLoss.spread(RunningLoss.create())).toEqual({
      variance: null,
      deviation: null,
      standardError: null,
      effectiveRows: null,
    });
    expect(() => RunningLoss.spread(RunningLoss.create({ squares: false }))).toThrow(
      expect.objectContaining({ code: "LF_STATE_SQUARES" }),
    );
  });

  test("counts beyond 2^53, exactly", () => {
    const state = RunningLoss.create();
    RunningLoss.addRepeated(state, 0.1, 10n ** 18n);
    RunningLoss.add(state, 3.5);
    RunningLoss.addMissing(state, 2 ** 53 - 1);
    RunningLoss.addMissing(state, 2);
    const back = RunningLoss.value(RunningLoss.fromBytes(RunningLoss.toBytes(state)));
    expect(back).toMatchObject({ finite: 10n ** 18n + 1n, missing: 2n ** 53n + 1n, mean: 0.1 });
    RunningLoss.addMissing(state, 2n ** 64n);
    expect(() => RunningLoss.toBytes(state)).toThrow(expect.objectContaining({ code: "LF_COUNT" }));
  });

  test("a whole loss divides by what the reduction names, as its batch does", () => {
    const p = Float64Array.of(0.9, 0.2, 0.6, 0.5);
    const t = Float64Array.of(1, 0, 1, 0);
    const weights = Float64Array.of(0.5, 2, 0, 3);
    const { whole } = balancedBinaryCrossEntropy();
    const state = RunningLoss.create({ parts: whole!.parts });
    const out = whole!.parts.map(() => new Float64Array(4));
    whole!.evaluate({ prediction: p, target: t, rows: 4, classes: 1 }, out);
    RunningLoss.addParts(state, out, 4, { weights });
    const table = new LossTable({ parts: whole!.parts });
    const kept = [0, 1, 3];
    table.addParts(
      new Int32Array(3),
      out.map((part) => Float64Array.from(kept, (i) => part[i]!)),
      3,
      { weights: kept.map((i) => weights[i]!) },
    );
    for (const reduction of ["sum", "weighted_mean", "sum_by_nonzero_weights"] as const) {
      const due = balancedBinaryCrossEntropy({ reduction }).value(p, t, { weight: weights });
      expect(RunningLoss.reduce(state, reduction, whole)).toBeCloseTo(due, 14);
      expect(table.valueAt(0, reduction, { whole }).reduced).toBeCloseTo(due, 14);
    }
    const sum = RunningLoss.reduce(state, "sum", whole)!;
    expect(RunningLoss.reduce(state, "mean_by_count", whole)).toBe(sum / 3);
    expect(table.valueAt(0, "mean_by_count", { whole }).reduced).toBe(sum / 3);
  });

  test("a whole loss, from the sums of its parts", () => {
    const whole = {
      parts: [
        { name: "overlap", weighted: true },
        { name: "total", weighted: false },
      ],
      evaluate: (): void => undefined,
      value: ([overlap, total]: readonly number[], weightSum: number) => ({
        sum: overlap! + total!,
        mean: weightSum === 0 ? Number.NaN : overlap! / total!,
      }),
    };
    const { parts } = whole;
    const state = RunningLoss.create({ parts });
    expect(RunningLoss.value(state, whole).mean).toBeNull();
    RunningLoss.addParts(
      state,
      [
        [1, 2, Number.NaN, 5],
        [4, 4, 1, 9],
      ],
      4,
      { weights: [1, 0.5, 1, 0] },
    );
    expect(RunningLoss.value(state, whole)).toMatchObject({
      finite: 2,
      nan: 1,
      ignored: 1,
      sum: 10,
      mean: 0.25,
      weightSum: 1.5,
      min: null,
      maxRow: null,
    });
    const multiplying = RunningLoss.create({ parts, zeroWeight: "multiply" });
    RunningLoss.addParts(
      multiplying,
      [
        [1, 2],
        [3, 4],
      ],
      2,
      { weights: [0, 2] },
    );
    expect(RunningLoss.value(multiplying, whole)).toMatchObject({ finite: 2, sum: 11, weightSum: 2 });
    expect(multiplying.zeroWeights).toBe(1);
  });
});
