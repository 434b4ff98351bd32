import * as fc from "fast-check";
import { RunningLoss, type NanPolicy, type RunningLossOptions, type RunningLossState } from "@lossflow/core";
import { anyFinite } from "../oracle.ts";

/** One step of a running loss: a loss with its weight, or a row that has none. */
export interface Row {
  readonly kind: "loss" | "missing" | "ignored";
  readonly value: number;
  readonly weight: number;
}

export const anyRow: fc.Arbitrary<Row> = fc.record({
  kind: fc.constantFrom("loss", "loss", "loss", "loss", "missing", "ignored"),
  value: fc.oneof(
    { weight: 4, arbitrary: anyFinite },
    { weight: 2, arbitrary: fc.double({ min: 0, max: 5, noNaN: true }) },
    { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Infinity, -Infinity, 0, -0, 1, 1) },
  ),
  weight: fc.oneof(fc.constant(1), fc.constantFrom(0, 0.5, 2), anyFinite),
});

export const anyOptions: fc.Arbitrary<RunningLossOptions> = fc.record({
  nan: fc.constantFrom<NanPolicy>("count", "skip", "propagate"),
  zeroWeight: fc.constantFrom("ignore", "multiply"),
  squares: fc.boolean(),
});

/** Adds `rows`, the first of which stands at `first`, one by one. */
export function stateFrom(rows: readonly Row[], options: RunningLossOptions, first = 0): RunningLossState {
  const state = RunningLoss.create(options);
  rows.forEach(({ kind, value, weight }, i) => {
    if (kind === "missing") RunningLoss.addMissing(state, 1);
    else if (kind === "ignored") RunningLoss.addIgnored(state, 1);
    else RunningLoss.add(state, value, weight, first + i);
  });
  return state;
}
