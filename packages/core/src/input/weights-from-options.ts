import type { BatchOptions, Numbers, Reduction, Tensor } from "../loss.ts";
import type { Kernel } from "../losses/kernel.ts";
import { DENOMINATOR_SHARES } from "../reduce/denominator-shares.ts";
import { exactQuotient } from "../reduce/exact-quotient.ts";
import type { Arrangement } from "./arrangement.ts";
import { flatTensor } from "./flat-tensor.ts";
import { refuse } from "./refuse.ts";
import { sameLength } from "./same-length.ts";

export interface Weights {
  /** The factor of each unit, 0 where it is left out; null: 1 each. */
  readonly weight: Float64Array | null;
  readonly divisor: number;
  /** How many units make one value. */
  readonly group: number;
  /** What the reduction gives where the denominator is 0. */
  readonly nothing: number;
}

/**
 * Multiplies all that weighs a unit: its weight, its sample's, its label's; 0 where a mask or an ignored label leaves
 * it out. The denominator is the sum of the shares of the units left in; where a value is the mean over the last axis,
 * it is that many times as large: a sum over the value's elements.
 * @throws LF_LENGTH_MISMATCH, LF_WEIGHT_OUT_OF_RANGE.
 */
export function weightsFromOptions(
  { ignoreIndex, labelWeight, weighsLabels }: Kernel,
  { columns, outer, last }: Arrangement,
  { mask, sampleWeight, weight }: BatchOptions,
  reduction: Reduction,
  perSample: boolean,
): Weights {
  const { target, rows: units } = columns;
  const isKeras = reduction === "sum_over_batch_size" || reduction === "mean_with_sample_weight";
  const group = perSample || sampleWeight !== undefined || isKeras ? last : 1;
  const values = group === 0 ? 0 : units / group;
  const own = factors(weight, "weight", units);
  const sample = factors(sampleWeight, "sample weight", values, outer);
  if (mask !== undefined) sameLength("mask flags", mask.length, values);

  const share = DENOMINATOR_SHARES[reduction];
  let divisor = share === null ? group * (reduction === "batchmean" ? outer : 1) : units;
  let all = null;
  if (own !== null || sample !== null || mask !== undefined || labelWeight !== undefined) {
    all = new Float64Array(units);
    const shares = new Float64Array(units);
    for (let u = 0; u < units; u++) {
      const v = Math.floor(u / group);
      const label = target[u]!;
      if ((mask !== undefined && !mask[v]) || label === ignoreIndex) continue;
      const ofSample = sample === null ? 1 : sample[Math.floor((v * sample.length) / values)]!;
      const ofLabel = labelWeight === undefined ? 1 : labelWeight(label);
      const ofUnit = (own === null ? 1 : own[u]!) * ofSample;
      all[u] = weighsLabels === true ? ofUnit : ofUnit * ofLabel;
      if (share !== null) shares[u] = share(ofLabel, ofSample, ofUnit * ofLabel);
    }
    if (share !== null) divisor = exactQuotient(shares, null, 0, units);
  }
  return { weight: all, divisor, group, nothing: isKeras || reduction === "sum" ? 0 : Number.NaN };
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
    const w = values[i]!;
    if (!(w >= 0 && w < Infinity))
      refuse("LF_WEIGHT_OUT_OF_RANGE", what, w, "a finite number from 0", { row: i });
  }
  return values;
}
