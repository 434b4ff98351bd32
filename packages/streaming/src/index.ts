/**
 * Running means and sums of losses over Arrow batches, exact, in workers, as RxJS streams.
 *
 * ```ts
 * import { createPool, runningLoss } from "@lossflow/streaming";
 * import { tableFromArrays } from "apache-arrow";
 * import { lastValueFrom } from "rxjs";
 *
 * const table = tableFromArrays({ y: Float32Array.of(1, 2, 3), p: Float32Array.of(1.5, 2, 1) });
 * const pool = createPool({ workers: 2 });
 * const { results } = await lastValueFrom(runningLoss(table, { losses: ["mse"], target: "y", prediction: "p", pool }));
 * console.log(results[0]?.mean); // 1.4166666666666667
 * await pool.close();
 * ```
 *
 * @module
 */
export { foldLoss } from "./fold-loss.ts";
export { latestOnly } from "./latest-only.ts";
export type { PlainValue } from "./columns/plain-at.ts";
export type { Duration } from "./job/duration.ts";
export type { ColumnNames, LossJobOptions, LossOfColumns, MetricOfColumns } from "./job/options.ts";
export type {
  Figures,
  GroupFigures,
  LazyGroups,
  MetricFigures,
  MetricGroup,
  MetricResult,
  GroupKey,
  LossResult,
  Progress,
  QuantileFigure,
  QuarantinedRows,
  Snapshot,
  TopFigure,
  WindowFigures,
} from "./job/snapshot.ts";
export type { LossWindow, RowWindow, StepWindow, TimeWindow } from "./job/window-option.ts";
export type { SourcePrint } from "./checkpoint/checkpoint.ts";
export type { CheckpointProgress } from "./checkpoint/checkpoints.ts";
export { METRICS } from "./metrics/metrics.ts";
export type { MetricInfo, MetricSpec } from "./metrics/metrics.ts";
export type { Metric, MetricDetail } from "./metrics/metric.ts";
export { createPool } from "./pool/create-pool.ts";
export type { Engine } from "./fold/engine.ts";
export type { Pool, PoolOptions } from "./pool/create-pool.ts";
export { httpSource } from "./source/http-source.ts";
export type { HttpOptions } from "./source/http-source.ts";
export { runningLoss } from "./running-loss.ts";
export { tableColumns } from "./table-columns.ts";
export type { Source } from "./source/sources-from.ts";
export { unreducedLosses } from "./unreduced-losses.ts";
export type { EvaluatedUnits, KeptUnits, UnreducedLoss, UnreducedLosses } from "./unreduced-losses.ts";
export type { OpenTable, Segment, TableSource } from "./source/table-source.ts";
