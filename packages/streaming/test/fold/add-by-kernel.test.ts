import type { LossSpec, NanPolicy } from "@lossflow/core";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { columnsFromRecordBatch } from "../../src/arrow/columns-from-record-batch.ts";
import { kernelsOfEngine } from "../../src/fold/engine.ts";
import { bytesFromFold } from "../../src/fold/fold-bytes.ts";
import { foldSegment } from "../../src/fold/fold-segment.ts";
import { createFold } from "../../src/fold/fold-state.ts";
import { compilePlan } from "../../src/fold/plan.ts";
import { batchFromRows, seededRows, type Row } from "../rows.ts";
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

/** The state of some segments of rows; asking for the highest losses, even for none, has each loss written down. */
function stateOf(
  job: Job,
  segments: readonly (readonly Row[])[],
  firstRow: number,
  top: 0 | null,
): Uint8Array {
  const batches = segments.map((rows) => batchFromRows(rows));
  const names = batches[0]!.schema.fields.map(({ name }) => name);
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
  let first = firstRow;
  for (const batch of batches) {
    const columns = columnsFromRecordBatch(
      batch,
      names.map((_, i) => i),
    );
    foldSegment(plan, fold, columns, batch.numRows, { source: "rows", firstRow: first });
    first += batch.numRows;
  }
  return bytesFromFold(fold, plan.tableRoom);
}

test.each(JOBS)(
  "a kernel's sums, counts, extremes and their rows are those of its losses one by one: $losses.0.loss",
  (job) => {
    const count = fc.integer({ min: 1, max: 700 });
    const firstRow = fc.integer({ min: 0, max: 1e6 });
    fc.assert(
      fc.property(count, fc.integer(), firstRow, (rows, seed, first) => {
        const segments = [seededRows(rows, seed)];
        expect(stateOf(job, segments, first, null)).toEqual(stateOf(job, segments, first, 0));
      }),
      { seed: SEED, numRuns: 15 },
    );
  },
);

/** Rows of which nothing is left out, so that nothing is closed up; label 1 is another than the one to ignore. */
function fullRows(count: number, seed: number, isMask: boolean): Row[] {
  const full = (list: Row["goals"]): number[] => [0, 1, 2].map((c) => list?.[c] ?? c);
  return seededRows(count, seed).map((row) => ({
    ...row,
    y: row.y ?? 1,
    p: row.p ?? 2,
    logit: row.logit ?? 3,
    hit: row.hit ?? true,
    label: row.label === 2 ? 2 : 0,
    scores: full(row.scores),
    goals: full(row.goals),
    w: isMask ? 1 : row.w || 0.7,
  }));
}

test.each(JOBS.filter(({ weight }) => weight !== null))(
  "rows of which nothing is left out fold as they do beside a row that is: $losses.0.loss",
  (job) => {
    const count = fc.integer({ min: 1, max: 1500 });
    fc.assert(
      fc.property(count, fc.integer(), fc.boolean(), fc.constantFrom(null, 0), (rows, seed, isMask, top) => {
        const kept = fullRows(rows, seed, isMask);
        const left = { ...kept[0]!, w: 0, label: 1 };
        expect(stateOf(job, [kept, [left]], 7, top)).toEqual(stateOf(job, [[...kept, left]], 7, top));
        expect(stateOf(job, [[left], kept], 7, top)).toEqual(stateOf(job, [[left, ...kept]], 7, top));
      }),
      { seed: SEED, numRuns: 15 },
    );
  },
);
