import type { RecordBatch } from "apache-arrow";
import { columnsFromRecordBatch } from "../src/arrow/columns-from-record-batch.ts";
import { foldFromBytes } from "../src/fold/fold-bytes.ts";
import { createFold, mergeFold } from "../src/fold/fold-state.ts";
import { compilePlan } from "../src/fold/plan.ts";
import { jobSpecFromOptions, planFromColumns } from "../src/job/job-spec.ts";
import type { LossJobOptions } from "../src/job/options.ts";
import { snapshotFromFold } from "../src/job/snapshot-from-fold.ts";
import type { Snapshot } from "../src/job/snapshot.ts";
import { createFolder } from "../src/worker/fold-task.ts";
import { errorFromData } from "../src/worker/error-data.ts";

/**
 * Folds each batch as a task of its own, in the calling thread, and merges what workers would send: small batches never
 * make more than one task of a job. @throws what the first task that is refused says
 */
export async function inTasks(batches: readonly RecordBatch[], options: LossJobOptions): Promise<Snapshot> {
  const spec = jobSpecFromOptions(options);
  const names = batches[0]!.schema.fields.map(({ name }) => name);
  const plan = planFromColumns(spec, names, "batches");
  const compiled = compilePlan(plan, null);
  const fold = createFold(compiled);
  const folder = createFolder();
  const positions = plan.columns.map((name) => names.indexOf(name));
  let firstRow = 0;
  for (const batch of batches) {
    const payload = { kind: "columns", columns: columnsFromRecordBatch(batch, positions) } as const;
    const segments = [{ source: "batches", firstRow, rows: batch.numRows, payload }];
    const result = await folder.fold({ plan: JSON.stringify(plan), segments });
    if (!result.ok) throw errorFromData(result.error);
    mergeFold(fold, foldFromBytes(result.state, compiled), compiled);
    firstRow += batch.numRows;
  }
  const named = (positions: readonly number[]): string[] =>
    positions.map((position) => plan.columns[position]!);
  const columns = { by: named(plan.by), show: named(plan.show) };
  const progress = {
    rows: firstRow,
    bytes: 0,
    totalBytes: null,
    elapsedMs: 0,
    rowsPerSecond: 0,
    remainingMs: null,
  };
  const frame = { done: true, progress, workers: 0, engine: plan.engine };
  return snapshotFromFold(fold, spec, columns, firstRow, [{ name: "batches", firstRow: 0 }], frame);
}
