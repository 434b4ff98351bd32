import { LossflowError } from "../error.ts";
import type { BatchOptions, Numbers, Reduction, Tensor } from "../loss.ts";
import type { Kernel } from "../losses/kernel.ts";
import { ExactSum } from "../sum/exact-sum.ts";
import { flatTensor } from "./flat-tensor.ts";
import { refusedValue } from "./refused-value.ts";

/** The factor of each unit (null: 1), the reduction's denominator, and how many units make one value. */
export interface Weights {
  readonly weight: Float64Array | null;
  readonly divisor: ExactSum;
  readonly group: number;
}

/**
 * Multiplies all that weighs a unit: its weight, its sample's, its label's class weight; 0 where a mask or ignored
 * label leaves it out. The denominators, over the units left in (w: the whole factor, 1 where none is given):
 *
 * mean: units, with class weights the sum of the labels' weights; weighted_mean: sum of w; sum_by_nonzero_weights:
 * units with w != 0; batchmean: the first axis; sum_over_batch_size: values; mean_with_sample_weight: sum of the
 * sample weights; sum and none: 1. Where a value is the mean over the last axis, each is that many times as large.
 */
export function weightsFromOptions(
  kernel: Kernel,
  labels: Numbers,
  units: number,
  axes: { readonly outer: number; readonly last: number },
  options: BatchOptions,
  reduction: Reduction,
  perSample: boolean,
): Weights {
  const keras = reduction === "sum_over_batch_size" || reduction === "mean_with_sample_weight";
  const bySample = kernel.unit === "element" && (perSample || keras || options.sampleWeight !== undefined);
  const group = bySample ? axes.last : 1;
  const values = group === 0 ? 0 : units / group;
  const { mask } = options;
  const own = factors(options.weight, "weight", units);
  const sample = factors(options.sampleWeight, "sample weight", values);
  const span = sample === null ? 1 : values / sample.length;
  if (mask !== undefined && mask.length !== values) {
    throw new LossflowError("LF_LENGTH_MISMATCH", `The mask has ${mask.length} flags for ${values} values.`);
  }
  const { classWeight = null, ignoreIndex = null } = kernel;
  const divisor = new ExactSum();
  const fixed =
    reduction === "sum" || reduction === "none" ? group : reduction === "batchmean" ? axes.outer * group : 0;
  divisor.add(fixed);
  if (own === null && sample === null && mask === undefined && classWeight === null && ignoreIndex === null) {
    if (fixed === 0) divisor.add(units);
    return { weight: null, divisor, group };
  }

  const weight = new Float64Array(units);
  const share = new Float64Array(units);
  for (let u = 0; u < units; u++) {
    const v = group === 1 ? u : Math.floor(u / group);
    const label = labels[u]!;
    if ((mask !== undefined && !mask[v]) || (ignoreIndex !== null && label === ignoreIndex)) continue;
    const ofSample = sample === null ? 1 : sample[span === 1 ? v : Math.floor(v / span)]!;
    const ofLabel = classWeight === null ? 1 : (classWeight[label] ?? 1);
    const ofUnit = (own === null ? 1 : own[u]!) * ofSample;
    weight[u] = kernel.weighsClasses === true ? ofUnit : ofUnit * ofLabel;
    if (reduction === "mean") share[u] = ofLabel;
    else if (reduction === "weighted_mean") share[u] = ofUnit * ofLabel;
    else if (reduction === "sum_by_nonzero_weights") share[u] = ofUnit * ofLabel === 0 ? 0 : 1;
    else share[u] = reduction === "mean_with_sample_weight" ? ofSample : 1;
  }
  if (fixed === 0) divisor.addArray(share);
  return { weight, divisor, group };
}

/** @throws LF_LENGTH_MISMATCH; LF_WEIGHT_OUT_OF_RANGE for a weight that is negative, infinite or NaN. */
function factors(tensor: Tensor | undefined, what: string, count: number): Numbers | null {
  if (tensor === undefined) return null;
  const { values } = flatTensor(tensor, what);
  const n = values.length;
  // A sample weight may stand for several values of its sample; any other weight for one unit.
  if (what === "weight" ? n !== count : n === 0 ? count !== 0 : count % n !== 0) {
    throw new LossflowError(
      "LF_LENGTH_MISMATCH",
      `There are ${n} ${what}s for ${count} values: give one for each.`,
    );
  }
  for (let i = 0; i < n; i++) {
    if (!(values[i]! >= 0 && values[i]! < Infinity)) {
      throw refusedValue("LF_WEIGHT_OUT_OF_RANGE", what, values[i], i, undefined, "a finite number from 0");
    }
  }
  return values;
}
