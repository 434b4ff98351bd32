import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LOSSES, RunningLoss, lossFromSpec, type LossColumns, type RunningLossState } from "@lossflow/core";
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
