/**
 * The running state of a loss: exact sums, honest counts, one mean with its denominator.
 *
 * ```ts
 * import { RunningLoss } from "@lossflow/core";
 *
 * const morning = RunningLoss.create();
 * RunningLoss.addArray(morning, [0.5, 0.25, Number.NaN], { firstRow: 0 });
 * const evening = RunningLoss.create();
 * RunningLoss.addArray(evening, [3], { weights: [0.5], firstRow: 3 });
 *
 * RunningLoss.merge(morning, evening);
 * const { mean, finite, nan, maxRow } = RunningLoss.value(morning);
 * console.log(mean, finite, nan, maxRow); // 0.9 3 1 3
 * ```
 */
export { create } from "./running-loss-state.ts";
export { add, addArray, addIgnored, addMissing, addRepeated } from "./add-losses.ts";
export { addParts } from "./add-parts.ts";
export { merge } from "./merge-states.ts";
export { reduce, spread, value } from "./state-value.ts";
export { fromBytes, toBytes } from "./state-bytes.ts";
