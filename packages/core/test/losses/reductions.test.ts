import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ExactSum, LOSSES, RunningLoss, lossFromSpec, type FloatArray, type Loss } from "@lossflow/core";
import { holds, isNearest, rationalFromNumber, sumOf, times, type Rational } from "../oracle.ts";
import { ulpsBetween } from "../golden/differences.ts";
import { anyBatch, between, floats, variantsOf, CLASSES } from "./any-batch.ts";

const anyWeight = fc.oneof(fc.constant(0), between(0.1, 3));
const decomposable = LOSSES.filter(({ decomposable }) => decomposable);

describe.each(LOSSES)("$id", (info) => {
  const variants = variantsOf(info).map((params) => [JSON.stringify(params), params] as const);
  const make = (params: object, reduction: string): Loss =>
    lossFromSpec({ loss: info.id, params: { ...params, reduction } });

  test.each(variants)("params %s make the same loss again", (_, params) => {
    const loss = lossFromSpec({ loss: info.id, params });
    const resolved = JSON.parse(JSON.stringify(loss.params)) as Record<string, unknown>;
    expect(lossFromSpec({ loss: info.id, params: resolved }).params).toEqual(loss.params);
    expect(Object.keys(resolved).sort()).toEqual(info.parameters.map(({ name }) => name).sort());
    expect(resolved).toMatchObject(params);
  });

  test("float32 in, float32 out: the float64 result, rounded once", () => {
    holds(
      fc.property(
        anyBatch(info, {}),
        fc.constantFrom("none", "sum", "mean"),
        ({ prediction, target, options }, reduction) => {
          const loss = make({}, reduction);
          const narrow = Float32Array.from(prediction);
          const wide = Float64Array.from(narrow);
          const value = loss.value(wide, target, options);
          const expected = typeof value === "number" ? Math.fround(value) : Float32Array.from(value);
          expect(loss.value(narrow, target, options)).toEqual(expected);
          const gradient = loss.gradient(narrow, target, options);
          expect(gradient).toEqual(Float32Array.from(loss.gradient(wide, target, options)));
          const out = new Float32Array(prediction.length);
          expect(loss.gradient(wide, target, { ...options, out })).toBe(out);
          expect(out).toEqual(gradient);
        },
      ),
      20,
    );
  });

  test("rows in another order have the same sum and mean, to the last bit", () => {
    holds(
      fc.property(
        anyBatch(info, {}, 12),
        fc.constantFrom("sum", "mean"),
        ({ prediction, target, options }, reduction) => {
          const loss = make({}, reduction);
          const rows = prediction.length / CLASSES;
          const each = target.length / rows;
          const order = Array.from({ length: rows }, (_, r) => (r * 7 + 3) % rows);
          fc.pre(new Set(order).size === rows);
          const shuffled = (values: ArrayLike<number>, width: number): number[] =>
            order.flatMap((r) => Array.from({ length: width }, (_, c) => values[r * width + c]!));
          const { variance } = options;
          const value = loss.value(shuffled(prediction, CLASSES), shuffled(target, each), {
            ...options,
            ...(variance === undefined ? {} : { variance: shuffled(variance as Float64Array, CLASSES) }),
          });
          expect(value).toBe(loss.value(prediction, target, options));
        },
      ),
      40,
    );
  });

  test("a masked row is as if it were not there", () => {
    holds(
      fc.property(anyBatch(info, {}), ({ prediction, target, options, rows }) => {
        const loss = make({}, "mean");
        const units = rows;
        const each = prediction.length / units;
        const perTarget = target.length / units;
        const longer = Float64Array.of(...prediction, ...new Float64Array(each).fill(Number.NaN));
        // What a mask hides is not even checked: no label is -7, no probability 99.
        const targets = Float64Array.of(
          ...target,
          ...new Float64Array(perTarget).fill(info.target === "label" ? -7 : 99),
        );
        const mask = [...new Uint8Array(units).fill(1), 0];
        const { variance } = options;
        const padded = {
          shape: info.unit === "row" ? [units + 1, CLASSES] : [units + 1],
          mask,
          ...(variance === undefined ? {} : { variance: Float64Array.of(...(variance as Float64Array), -1) }),
        };
        expect(loss.value(longer, targets, padded)).toBe(loss.value(prediction, target, options));
        const gradient = loss.gradient(longer, targets, padded);
        expect(gradient.subarray(0, prediction.length)).toEqual(loss.gradient(prediction, target, options));
        expect(Array.from(gradient.subarray(prediction.length))).toEqual(
          Array.from({ length: each }, () => 0),
        );
      }),
      20,
    );
  });

  test("of nothing the sum is 0, the mean NaN and the gradient empty", () => {
    const variance = info.id === "gaussian_nll" ? { variance: [] } : {};
    expect(make({}, "sum").value([], [], variance)).toBe(0);
    expect(make({}, "mean").value([], [], variance)).toBeNaN();
    expect(make({}, "mean").gradient([], [], variance)).toEqual(new Float64Array(0));
    if (info.decomposable) expect(make({}, "none").value([], [], variance)).toEqual(new Float64Array(0));
  });
});

describe.each(decomposable)("$id, a loss of independent rows", (info) => {
  const variants = variantsOf(info).map((params) => [JSON.stringify(params), params] as const);

  test.each(variants)("%s: unreduced, weighed and summed it is what value says", (_, params) => {
    holds(
      fc.property(
        anyBatch(info, params).chain((batch) =>
          fc.tuple(fc.constant(batch), floats(anyWeight, batch.rows), fc.boolean()),
        ),
        ([{ prediction, target, options, rows, classes }, weight, isWeighted]) => {
          const given = isWeighted ? { ...options, weight } : options;
          const sum = lossFromSpec({ loss: info.id, params: { ...params, reduction: "sum" } });
          const mean = lossFromSpec({ loss: info.id, params: { ...params, reduction: "weighted_mean" } });
          const losses = new Float64Array(rows);
          const variance = options.variance as Float64Array | undefined;
          sum.unreduced({ prediction, target, rows, classes, ...(variance && { variance }) }, losses);

          const state = RunningLoss.create();
          for (let r = 0; r < rows; r++) {
            const factor = (isWeighted ? weight[r]! : 1) * (sum.labelWeight?.(target[r]!) ?? 1);
            RunningLoss.add(state, losses[r]!, factor);
          }
          const running = RunningLoss.value(state);
          const close = params["label_smoothing"] !== undefined && params["class_weight"] !== undefined;
          // Class weights inside a smoothed loss are taken out for the engine: two roundings more.
          expect(
            ulpsBetween(sum.value(prediction, target, given) as number, running.sum, "f64"),
          ).toBeLessThan(close ? 9 : 1);
          expect(
            ulpsBetween(mean.value(prediction, target, given) as number, running.mean ?? Number.NaN, "f64"),
          ).toBeLessThan(close ? 9 : 3);
        },
      ),
      10,
    );
  });

  test("sum is the exact sum of none, mean that over the count", () => {
    holds(
      fc.property(anyBatch(info, {}, 40), ({ prediction, target, options, rows }) => {
        const value = (reduction: string): number | FloatArray =>
          lossFromSpec({ loss: info.id, params: { reduction } }).value(prediction, target, options);
        const losses = value("none") as Float64Array;
        const terms = sumOf(Array.from(losses, rationalFromNumber));
        expect(isNearest(value("sum") as number, terms, rationalFromNumber(1))).toBe(true);
        const exact = new ExactSum();
        exact.addArray(losses);
        const count = new ExactSum();
        count.add(rows);
        expect(ulpsBetween(value("mean") as number, exact.quotient(count), "f64")).toBeLessThan(2);
        expect(value("weighted_mean")).toBe(value("mean"));
        expect(value("sum_by_nonzero_weights")).toBe(value("mean"));
      }),
      20,
    );
  });

  test("with weights every denominator is the one documented", () => {
    holds(
      fc.property(
        anyBatch(info, {}).chain((batch) => fc.tuple(fc.constant(batch), floats(anyWeight, batch.rows))),
        ([{ prediction, target, options, rows }, weight]) => {
          const value = (reduction: string): number | FloatArray =>
            lossFromSpec({ loss: info.id, params: { reduction } }).value(prediction, target, {
              ...options,
              weight,
            });
          const plain = lossFromSpec({ loss: info.id, params: { reduction: "none" } });
          const losses = plain.value(prediction, target, options) as Float64Array;
          const terms = Array.from(losses, (l, u): Rational =>
            times(rationalFromNumber(l), rationalFromNumber(weight[u]!)),
          );
          const total = sumOf(terms);
          const over = (reduction: string, divisor: number): void => {
            const sum = value("sum") as number;
            const expected = divisor === 0 ? Number.NaN : sum / divisor;
            expect(ulpsBetween(value(reduction) as number, expected, "f64")).toBeLessThan(3);
          };
          expect(isNearest(value("sum") as number, total, rationalFromNumber(1))).toBe(true);
          expect(value("none")).toEqual(losses.map((l, u) => (weight[u] === 0 ? 0 : l * weight[u]!)));
          over("mean", rows);
          over(
            "weighted_mean",
            weight.reduce((sum, w) => sum + w, 0),
          );
          over("sum_by_nonzero_weights", weight.filter((w) => w !== 0).length);
          over("batchmean", prediction.length / CLASSES);
        },
      ),
      20,
    );
  });
});
