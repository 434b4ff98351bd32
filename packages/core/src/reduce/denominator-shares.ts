import type { Reduction } from "../loss.ts";

/**
 * What a unit that is left in adds to the denominator, from its label's weight, its sample's and all its weights
 * multiplied; null where units do not tell: 1, and for batchmean the first axis.
 */
export const DENOMINATOR_SHARES: Readonly<
  Record<Reduction, ((ofLabel: number, ofSample: number, all: number) => number) | null>
> = {
  none: null,
  mean: (ofLabel) => ofLabel,
  sum: null,
  batchmean: null,
  weighted_mean: (_ofLabel, _ofSample, all) => all,
  sum_by_nonzero_weights: (_ofLabel, _ofSample, all) => (all === 0 ? 0 : 1),
  sum_over_batch_size: () => 1,
  mean_with_sample_weight: (_ofLabel, ofSample) => ofSample,
};
