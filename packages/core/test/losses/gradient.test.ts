import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LOSSES, lossFromSpec } from "@lossflow/core";
import { holds } from "../oracle.ts";
import { anyBatch, between, floats, variantsOf } from "./any-batch.ts";

describe.each(LOSSES)("the gradient of $id is the central difference of its value", (info) => {
  test.each(variantsOf(info).map((params) => [JSON.stringify(params), params] as const))(
    "%s",
    (_, params) => {
      holds(
        fc.property(
          anyBatch(info, params).chain((batch) =>
            fc.tuple(fc.constant(batch), floats(fc.oneof(fc.constant(0), between(0.1, 3)), batch.rows)),
          ),
          fc.constantFrom("none", "sum", "mean", "weighted_mean", "sum_by_nonzero_weights", "batchmean"),
          ([{ prediction, target, options: plain }, weight], reduction) => {
            const options = { ...plain, weight };
            const loss = lossFromSpec({ loss: info.id, params: { ...params, reduction } });
            const gradient = loss.gradient(prediction, target, options);
            expect(gradient).toHaveLength(prediction.length);
            const total = (at: Float64Array): number => {
              const value = loss.value(at, target, options);
              return typeof value === "number"
                ? value
                : (value as Float64Array).reduce((sum, l) => sum + l, 0);
            };
            const here = total(prediction);
            for (let i = 0; i < prediction.length; i++) {
              const step = 1e-5 * Math.max(0.1, Math.abs(prediction[i]!));
              const above = total(prediction.map((x, k) => (k === i ? x + step : x)));
              const below = total(prediction.map((x, k) => (k === i ? x - step : x)));
              const right = (above - here) / step;
              const left = (here - below) / step;
              // Left and right of a kink the slopes differ, and there is no derivative to compare with.
              if (Math.abs(right - left) > 1e-2 * (1 + Math.abs(right))) continue;
              if (!Number.isFinite(here)) expect(gradient[i]).toBe(0);
              else
                expect(Math.abs(gradient[i]! - (above - below) / (2 * step))).toBeLessThan(
                  bound(here, step, right),
                );
            }
          },
        ),
        8,
      );
    },
  );
});

/** What rounding of the value leaves in the difference, and what the third derivative does. */
function bound(value: number, step: number, slope: number): number {
  return (4e-15 * (1 + Math.abs(value))) / Math.abs(step) + 1e-6 * (1 + Math.abs(slope));
}
