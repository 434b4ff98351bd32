import type { LossSpec, NanPolicy } from "@lossflow/core";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { columnsFromRecordBatch } from "../../src/arrow/columns-from-record-batch.ts";
import { kernelsOfEngine } from "../../src/fold/engine.ts";
import { bytesFromFold } from "../../src/fold/fold-bytes.ts";
import { foldSegment } from "../../src/fold/fold-segment.ts";
import { createFold } from "../../src/fold/fold-state.ts";
import { compilePlan } from "../../src/fold/plan.ts";
import { batchFromRows, seededRows } from "../rows.ts";
import { SEED } from "../seeded-random.ts";

const kernels = kernelsOfEngine("wasm-simd");

interface Job {
  readonly losses: readonly LossSpec[];
  readonly target: string;
  readonly prediction: string;
  readonly weight: string | null;
  readonly nan: NanPolicy;
}

const JOBS: readonly Job[] = [
  { losses: [{ loss: "mse" }], target: "y", prediction: "p", weight: "w", nan: "propagate" },
  { losses: [{ loss: "mae" }], target: "goals", prediction: "scores", weight: "w", nan: "count" },
  { losses: [{ loss: "bce_logits" }], target: "hit", prediction: "logit", weight: null, nan: "skip" },
  {
    losses: [{ loss: "scce_logits", params: { class_weight: [1, 0.3, 2.7], ignore_index: 1 } }],
    target: "label",
    prediction: "scores",
    weight: null,
    nan: "throw",
  },
  {
    losses: [
      { loss: "scce_logits", params: { class_weight: [1, 0.3, 2.7], ignore_index: 1, label_smoothing: 0.1 } },
    ],
    target: "label",
    prediction: "scores",
    weight: "w",
    nan: "count",
  },
];

/** The state of some rows; asking for the highest losses, even for none, has each loss written down. */
function stateOf(job: Job, count: number, seed: number, firstRow: number, top: 0 | null): Uint8Array {
  const batch = batchFromRows(seededRows(count, seed));
  const names = batch.schema.fields.map(({ name }) => name);
  const at = (name: string | null): number | null => (name === null ? null : names.indexOf(name));
  const plan = compilePlan(
    {
      ...job,
      engine: "wasm-simd",
      columns: names,
      target: [at(job.target)!],
      prediction: [at(job.prediction)!],
      weight: at(job.weight),
      variance: null,
      by: [],
      window: null,
      top,
      classes: null,
      show: [],
      quantiles: false,
      roles: [],
    },
    kernels,
  );
  const fold = createFold(plan);
  const columns = columnsFromRecordBatch(
    batch,
    names.map((_, i) => i),
  );
  foldSegment(plan, fold, columns, count, { source: "rows", firstRow });
  return bytesFromFold(fold);
}

test.each(JOBS)(
  "a kernel's sums, counts, extremes and their rows are those of its losses one by one: $losses.0.loss",
  (job) => {
    const count = fc.integer({ min: 1, max: 700 });
    const firstRow = fc.integer({ min: 0, max: 1e6 });
    fc.assert(
      fc.property(count, fc.integer(), firstRow, (rows, seed, first) => {
        expect(stateOf(job, rows, seed, first, null)).toEqual(stateOf(job, rows, seed, first, 0));
      }),
      { seed: SEED, numRuns: 15 },
    );
  },
);
