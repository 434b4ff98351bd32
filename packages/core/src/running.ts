/**
 * What is kept of a running stream besides the whole of it: the last rows, windows, quantiles, and tables of many sums.
 *
 * ```ts
 * import { RunningLoss } from "@lossflow/core";
 * import { LastRows, QuantileSketch, StepWindows } from "@lossflow/core/running";
 *
 * const last = new LastRows(2);
 * const windows = new StepWindows(10);
 * const sketch = new QuantileSketch();
 * for (const [step, loss] of [3, 1, 2, 8].entries()) {
 *   last.add(loss);
 *   windows.add(5 * step, loss);
 *   sketch.add(loss);
 * }
 *
 * console.log(last.value().mean); // 5
 * console.log(windows.take(Infinity).map(({ state }) => RunningLoss.value(state).mean)); // [ 2, 5 ]
 * console.log(sketch.quantile(0.5)); // 2.0078125
 * ```
 */
export { LastRows } from "./running/last-rows.ts";
export { LossTable } from "./running/loss-table.ts";
export type { AddToTableOptions } from "./running/check-added.ts";
export type { LossTableOptions } from "./running/loss-table.ts";
export { QuantileSketch } from "./running/quantile-sketch.ts";
export { StepWindows } from "./running/step-windows.ts";
export type { LossWindow } from "./running/step-windows.ts";
export { SumTable } from "./sum/sum-table.ts";
