import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  LOSSES,
  RunningLoss,
  lossFromSpec,
  type Loss,
  type LossColumns,
  type RunningLossState,
} from "@lossflow/core";
import { ulpsBetween } from "../golden/differences.ts";
import { holds } from "../oracle.ts";
import { anyBatch, between, floats } from "./any-batch.ts";

describe.each(LOSSES.filter(({ decomposable }) => !decomposable))(
  "$id depends on the whole",
  ({ id, ...info }) => {
    const loss = lossFromSpec({ loss: id });
    const whole = loss.whole!;

    /** The running state of rows `from` to `to`. */
    function stateOf(
      columns: LossColumns,
      weights: Float64Array | undefined,
      from: number,
      to: number,
    ): RunningLossState {
      const state = RunningLoss.create({ parts: whole.parts });
      const parts = whole.parts.map(() => new Float64Array(to - from));
      const part = {
        prediction: Array.from(columns.prediction).slice(from, to),
        target: Array.from(columns.target).slice(from, to),
        rows: to - from,
        classes: 1,
      };
      whole.evaluate(part, parts);
      RunningLoss.addParts(state, parts, to - from, weights && { weights: weights.subarray(from, to) });
      return state;
    }

    test("the parts of a stream, however cut, give the figure of one batch", () => {
      holds(
        fc.property(
          anyBatch({ id, ...info }, {}, 6).chain((batch) =>
            fc.tuple(
              fc.constant(batch),
              fc.option(floats(fc.oneof(fc.constant(0), between(0.1, 3)), batch.rows)),
              fc.nat(batch.rows),
            ),
          ),
          ([{ prediction, target, rows }, weight, cut]) => {
            const weights = weight ?? undefined;
            const columns = { prediction, target, rows, classes: 1 };
            const one = RunningLoss.value(stateOf(columns, weights, 0, rows), whole);
            const merged = stateOf(columns, weights, cut, rows);
            RunningLoss.merge(merged, stateOf(columns, weights, 0, cut));
            expect(RunningLoss.value(merged, whole)).toEqual(one);

            const params = weights === undefined ? {} : { reduction: "weighted_mean" };
            const figure = lossFromSpec({ loss: id, params }).value(
              prediction,
              target,
              weights && { weight: weights },
            );
            const distance = ulpsBetween(figure as number, one.mean ?? Number.NaN, "f64");
            // Two parts, each rounded, multiplied and added.
            expect(distance).toBeLessThanOrEqual(6);
          },
        ),
      );
    });

    test("a NaN makes all parts of its element NaN, so that none counts alone", () => {
      for (const [prediction, target] of [
        [Number.NaN, 0],
        [Number.NaN, 1],
        [0.5, Number.NaN],
      ] as const) {
        const parts = whole.parts.map(() => new Float64Array(1));
        whole.evaluate({ prediction: [prediction], target: [target], rows: 1, classes: 1 }, parts);
        expect(parts.map(([part]) => part)).toEqual(parts.map(() => Number.NaN));
      }
    });
  },
);

test.each(["dice", "tversky"])("a mask leaves elements out of %s, however they are laid out", (id) => {
  const loss = lossFromSpec({ loss: id });
  const [shape, mask] = [
    [2, 3],
    [1, 0, 1, 1, 1, 0],
  ];
  const masked = loss.value([0.1, 0.2, 0.3, 0.4, 0.5, 0.6], [1, 0, 1, 0, 1, 0], { shape, mask });
  expect(masked).toBe(loss.value([0.1, 0.3, 0.4, 0.5], [1, 1, 0, 1]));
});

describe("smoothed labels of a class that weighs 0", () => {
  const params = { label_smoothing: 0.1, class_weight: [1, 0, 2], ignore_index: -100 };
  const loss = lossFromSpec({ loss: "scce_logits", params });
  const logits = [0, 1, 2, 2, 0, 1, -1, 0, 3, 4, 4, 4];
  const columns = (target: readonly number[]): LossColumns => ({
    prediction: logits.slice(0, 3 * target.length),
    target,
    rows: target.length,
    classes: 3,
  });

  test("have no loss of their own, but a stream gives the batch's mean, which divides by the labels' weights", () => {
    expect(loss.decomposable).toBe(false);
    const target = [0, 1, 2, 1];
    const parts = loss.whole!.parts.map(() => new Float64Array(4));
    loss.whole!.evaluate(columns(target), parts);
    expect(parts[1]).toEqual(Float64Array.of(1, 0, 2, 0));
    const state = RunningLoss.create({ parts: loss.whole!.parts });
    RunningLoss.addParts(state, parts, 4);
    const { mean, sum, weightSum } = RunningLoss.value(state, loss.whole);
    expect(mean).toBe(loss.value(logits, target));
    const total = lossFromSpec({ loss: "scce_logits", params: { ...params, reduction: "sum" } });
    expect(sum).toBe(total.value(logits, target));
    expect(weightSum).toBe(3);
    expect(RunningLoss.reduce(state, "mean_by_count", loss.whole)).toBe(sum / 4);
  });

  test("count by the weights of their rows too", () => {
    const target = [0, 1, 2, 0];
    const weight = Float64Array.of(2, 1, 0.5, 0);
    const parts = loss.whole!.parts.map(() => new Float64Array(4));
    loss.whole!.evaluate(columns(target), parts);
    const state = RunningLoss.create({ parts: loss.whole!.parts });
    RunningLoss.addParts(state, parts, 4, { weights: weight });
    const { mean, weightSum } = RunningLoss.value(state, loss.whole);
    expect(weightSum).toBe(2 * 1 + 0.5 * 2);
    const weighted = lossFromSpec({ loss: "scce_logits", params: { ...params, reduction: "weighted_mean" } });
    expect(mean).toBe(weighted.value(logits, target, { weight }));
  });

  test("alone have a sum and no mean", () => {
    const parts = loss.whole!.parts.map(() => new Float64Array(1));
    loss.whole!.evaluate(columns([1]), parts);
    const state = RunningLoss.create({ parts: loss.whole!.parts });
    RunningLoss.addParts(state, parts, 1);
    const { mean, sum } = RunningLoss.value(state, loss.whole);
    expect(mean).toBeNull();
    expect(loss.value(logits.slice(0, 3), [1])).toBeNaN();
    expect(sum).toBeGreaterThan(0);
  });

  test("are left out by their own label alone, not by their weight", () => {
    expect([0, 1, -100].map((label) => loss.labelWeight!(label))).toEqual([1, 1, 0]);
    expect(() => loss.unreduced(columns([1]), new Float64Array(1))).toThrow("decomposable");
    expect(() => loss.whole!.evaluate(columns([3]), [new Float64Array(1), new Float64Array(1)])).toThrow(
      "label in row 0",
    );
  });
});

test.each(["dice", "tversky"])("Keras's %s is one figure, times the weights of samples", (id) => {
  const p = [
    [0.2, 0.7],
    [0.9, 0.4],
  ];
  const t = [
    [0, 1],
    [1, 0],
  ];
  const loss = (reduction?: string): Loss =>
    lossFromSpec({ loss: id, preset: "keras", params: { reduction } });
  const figure = loss().value(p, t) as number;
  const options = { sampleWeight: [1, 4], mask: [true, true] };
  expect(loss("none").value(p, t)).toEqual(Float64Array.of(figure));
  expect(loss("none").value(p, t, options)).toEqual(Float64Array.of(figure, 4 * figure));
  expect(loss("none").value(p, t, { ...options, mask: [true, false] })).toEqual(Float64Array.of(figure, 0));
  expect(loss("sum").value(p, t, options)).toBe(5 * figure);
  const slopes = loss("sum").gradient(p, t);
  expect(loss("none").gradient(p, t, options)).toEqual(slopes.map((slope) => 5 * slope));
  // 1e-7 more than a mask leaves.
  expect(loss().value(p, t, options)).toBe((5 / (2 + 1e-7)) * figure);
  for (const reduction of ["mean", "sum", "none", undefined]) {
    const nothing = loss(reduction).gradient(p, t, { mask: [false, false] });
    expect(nothing.map(Math.abs)).toEqual(new Float64Array(4));
  }
  expect(loss("mean").value(p, t, { mask: [false, false] })).toBeNaN();
  expect(() => loss().value(p, t, { weight: p })).toThrow(
    expect.objectContaining({ code: "LF_LENGTH_MISMATCH", expected: "2" }),
  );
});
