import type { BatchOptions, Numbers, Reduction, Tensor } from "../loss.ts";
import type { Kernel } from "../losses/kernel.ts";
import { exactQuotient } from "../reduce/exact-quotient.ts";
import type { Arrangement } from "./arrangement.ts";
import { flatTensor } from "./flat-tensor.ts";
import { refusedValue } from "./refused-value.ts";
import { sameLength } from "./same-length.ts";

/** The factor of each unit (0 where it is left out; null: 1 each), the denominator, the units that make one value. */
export interface Weights {
  readonly weight: Float64Array | null;
  readonly divisor: number;
  readonly group: number;
}

/**
 * Multiplies all that weighs a unit: its weight, its sample's, its label's; 0 where a mask or an ignored label leaves
 * it out. The denominators, over the units left in (w: the whole factor, 1 where none is given):
 *
 * mean: units, with label weights their sum; weighted_mean: sum of w; sum_by_nonzero_weights: units with w != 0;
 * batchmean: the first axis; sum_over_batch_size: units; mean_with_sample_weight: sum of the sample weights; sum and
 * none: 1. Where a value is the mean over the last axis, all are that many times as large: a sum over its elements.
 * @throws LF_LENGTH_MISMATCH, LF_WEIGHT_OUT_OF_RANGE.
 */
export function weightsFromOptions(
  kernel: Kernel,
  { columns, outer, last }: Arrangement,
  options: BatchOptions,
  reduction: Reduction,
  perSample: boolean,
): Weights {
  const { mask, sampleWeight } = options;
  const { ignoreIndex = null, labelWeight } = kernel;
  const { target, rows: units } = columns;
  const bySample =
    perSample ||
    sampleWeight !== undefined ||
    reduction === "sum_over_batch_size" ||
    reduction === "mean_with_sample_weight";
  const group = bySample ? last : 1;
  const values = group === 0 ? 0 : units / group;
  const own = factors(options.weight, "weight", units);
  const sample = factors(sampleWeight, "sample weight", values, outer);
  if (mask !== undefined) sameLength("mask flags", mask.length, values);

  // 0 where the units tell.
  const fixed =
    reduction === "sum" || reduction === "none" ? group : reduction === "batchmean" ? outer * group : 0;
  if (own === null && sample === null && mask === undefined && labelWeight === undefined) {
    return { weight: null, divisor: fixed || units, group };
  }
  const weight = new Float64Array(units);
  const share = new Float64Array(units);
  for (let u = 0; u < units; u++) {
    const v = Math.floor(u / group);
    const label = target[u]!;
    if ((mask !== undefined && !mask[v]) || label === ignoreIndex) continue;
    const ofSample = sample === null ? 1 : sample[Math.floor((v * sample.length) / values)]!;
    const ofLabel = labelWeight === undefined ? 1 : labelWeight(label);
    const ofUnit = (own === null ? 1 : own[u]!) * ofSample;
    const all = ofUnit * ofLabel;
    weight[u] = kernel.weighsLabels === true ? ofUnit : all;
    if (reduction === "mean") share[u] = ofLabel;
    else if (reduction === "weighted_mean") share[u] = all;
    else if (reduction === "mean_with_sample_weight") share[u] = ofSample;
    else share[u] = reduction === "sum_by_nonzero_weights" && all === 0 ? 0 : 1;
  }
  return { weight, divisor: fixed || exactQuotient(share, null, 0, units), group };
}

/** A sample weight may stand for all values of its sample, `outer` in number. */
function factors(
  tensor: Tensor | undefined,
  what: string,
  count: number,
  outer: number = count,
): Numbers | null {
  if (tensor === undefined) return null;
  const { values } = flatTensor(tensor, what);
  if (values.length !== outer) sameLength(`${what}s`, values.length, count);
  for (let i = 0; i < values.length; i++) {
    if (!(values[i]! >= 0 && values[i]! < Infinity)) {
      throw refusedValue("LF_WEIGHT_OUT_OF_RANGE", what, values[i], i, undefined, "a finite number from 0");
    }
  }
  return values;
}
