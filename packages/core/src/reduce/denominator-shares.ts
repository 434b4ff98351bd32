import type { Reduction } from "../loss.ts";

/**
 * What a unit that is left in adds to the denominator, from all its weights multiplied, its label's and its sample's;
 * null where units do not tell: 1, and for batchmean the first axis.
 */
export const DENOMINATOR_SHARES: Readonly<
  Record<Reduction, ((all: number, ofLabel: number, ofSample: number) => number) | null>
> = {
  none: null,
  mean: (_all, ofLabel) => ofLabel,
  sum: null,
  batchmean: null,
  weighted_mean: (all) => all,
  sum_by_nonzero_weights: (all) => (all === 0 ? 0 : 1),
  sum_over_batch_size: () => 1,
  mean_with_sample_weight: (_all, _ofLabel, ofSample) => ofSample,
};
