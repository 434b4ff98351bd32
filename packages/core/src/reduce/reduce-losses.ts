import type { Batch } from "../input/batch-from-tensors.ts";
import type { Reduction } from "../loss.ts";
import { exactQuotient } from "./exact-quotient.ts";
import { weigh } from "./weigh.ts";

/**
 * Reduces the losses of a batch: the exact sum of w * l over the exact denominator, rounded once. `losses` is used up:
 * "none" returns it, weighted, or one mean for each group.
 */
export function reduceLosses(
  losses: Float64Array,
  batch: Batch,
  reduction: Reduction,
): number | Float64Array {
  const { weight, divisor, group, nothing } = batch;
  const mean = (from: number, to: number): number =>
    divisor === 0 ? nothing : exactQuotient(losses, weight, from, to, divisor);
  if (reduction !== "none") return mean(0, losses.length);
  if (group === 1) {
    weigh(losses, batch);
    return losses;
  }
  return Float64Array.from({ length: group === 0 ? 0 : losses.length / group }, (_, v) =>
    mean(v * group, (v + 1) * group),
  );
}
