import type { Batch } from "../input/batch-from-tensors.ts";
import type { Reduction } from "../loss.ts";
import { exactQuotient } from "./exact-quotient.ts";

/**
 * Reduces the losses of a batch: the exact sum of w * l over the exact denominator, rounded once. `losses` is used up:
 * "none" returns it, weighted, or one mean for each group.
 */
export function reduceLosses(
  losses: Float64Array,
  batch: Batch,
  reduction: Reduction,
): number | Float64Array {
  const { weight, divisor, group } = batch;
  // A weight of 0 is not looked at: 0 * NaN is 0 here.
  if (weight !== null) for (let u = 0; u < losses.length; u++) if (weight[u] === 0) losses[u] = 0;
  if (reduction !== "none") {
    const keras = reduction === "sum_over_batch_size" || reduction === "mean_with_sample_weight";
    if (divisor === 0) return reduction === "sum" || keras ? 0 : Number.NaN;
    return exactQuotient(losses, weight, 0, losses.length, divisor);
  }
  if (group === 1) {
    if (weight !== null) for (let u = 0; u < losses.length; u++) losses[u]! *= weight[u]!;
    return losses;
  }
  const means = new Float64Array(group === 0 ? 0 : losses.length / group);
  for (let v = 0; v < means.length; v++) {
    means[v] = exactQuotient(losses, weight, v * group, (v + 1) * group, divisor);
  }
  return means;
}
