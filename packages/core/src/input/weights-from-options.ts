import type { BatchOptions, Numbers, Reduction, Tensor } from "../loss.ts";
import type { Kernel } from "../losses/kernel.ts";
import { DENOMINATOR_SHARES } from "../reduce/denominator-shares.ts";
import { exactMeans } from "../reduce/exact-means.ts";
import type { Arrangement } from "./arrangement.ts";
import { flatTensor } from "./flat-tensor.ts";
import { refuse } from "./refuse.ts";
import { sameAxes } from "./size-of-shape.ts";

/**
 * Multiplies all that weighs a unit: its weight, its sample's, its label's; 0 where a mask or an ignored label leaves
 * it out. The denominator is the sum of the shares of the units left in; where a value is the mean over the last axis,
 * it is that many times as large: a sum over the value's elements. With `perSample` it is Keras's: 1e-7 more where a mask
 * or an ignored label is given, else the sum of sample weights as they are given, N of them for N x d values.
 * @returns the factor of each unit (null: 1 each), the denominator, NaN where there is nothing to divide by, and how many
 *   units make one value.
 * @throws LF_LENGTH_MISMATCH, LF_WEIGHT_OUT_OF_RANGE.
 */
export function weightsFromOptions(
  { ignoreIndex, labelWeight, weighsLabels }: Pick<Kernel, "ignoreIndex" | "labelWeight" | "weighsLabels">,
  { target, rows, width = 1, axes }: Arrangement,
  { mask, sampleWeight, weight }: BatchOptions,
  reduction: Reduction,
  perSample: boolean,
): [weight: Float64Array | null, divisor: number, group: number] {
  const isOfBatch = reduction === "sum_over_batch_size";
  const isOfSamples = reduction === "mean_with_sample_weight";
  const isKeras = isOfBatch || isOfSamples;
  const group = perSample || sampleWeight || isKeras ? width : 1;
  const values = rows / group || 0;
  const own = factors(weight, "weight", axes, undefined, width);
  const samples = axes[0]!;
  const ofValues = group > 1 ? [...axes.slice(0, -1), 1] : axes;
  const sample = factors(sampleWeight, "sample weight", ofValues, samples);
  const marks = factors((mask || undefined) as Tensor | undefined, "mask", ofValues);

  const share = DENOMINATOR_SHARES[reduction];
  let divisor = share ? rows : reduction === "batchmean" ? group * samples : group;
  let all = null;
  if (own || sample || marks || labelWeight) {
    all = new Float64Array(rows);
    const shares = new Float64Array(rows);
    for (let u = 0; u < rows; u++) {
      const v = Math.floor(u / group);
      const label = target[u]!;
      if (marks?.[v] === 0 || label === ignoreIndex) continue;
      const ofSample = sample?.[Math.floor((v * sample.length) / values)] ?? 1;
      const ofLabel = labelWeight ? labelWeight(label) : 1;
      const ofUnit = (own?.[u] ?? 1) * ofSample;
      all[u] = weighsLabels ? ofUnit : ofUnit * ofLabel;
      if (share) shares[u] = share(ofUnit * ofLabel, ofLabel, ofSample);
    }
    // Beyond float64 there is nothing to divide by: Infinity leaves NaN, and each finite sum itself.
    if (share) divisor = exactMeans((unit) => shares.map((w) => w * unit))[0]! % Infinity;
    if (perSample) {
      if ((ignoreIndex ?? marks) === null) divisor *= isOfSamples && sample ? sample.length / values : 1;
      else if (isOfBatch) divisor += group * 1e-7;
    }
  }
  // Keras has 0 for the mean of nothing, as all have for its sum.
  return [all, divisor || (isKeras || reduction === "sum" ? 1 : Number.NaN), group];
}

/** Weights checked, or null; those of samples may stand for all values of a sample, `samples` in number. */
function factors(
  tensor: Tensor | undefined,
  what: string,
  axes: readonly number[],
  samples?: number,
  width?: number,
): Numbers | null {
  if (tensor === undefined) return null;
  const flat = flatTensor(tensor, what);
  const [values] = flat;
  sameAxes(what, flat, values.length === samples ? [samples, 1] : axes);
  for (let i = 0; i < values.length; i++) {
    const w = values[i]!;
    if (!(w >= 0 && w < Infinity))
      refuse("LF_WEIGHT_OUT_OF_RANGE", what, w, "a finite number from 0", i, width);
  }
  return values;
}
