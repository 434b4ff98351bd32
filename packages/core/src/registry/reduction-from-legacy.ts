/** PyTorch's old pair of flags; one that is not given counts as true. */
export interface LegacyReduction {
  readonly sizeAverage?: boolean | null;
  readonly reduce?: boolean | null;
}

/**
 * Tells the reduction that PyTorch's old flags mean: `reduce` false is "none" whatever `sizeAverage` says, else
 * `sizeAverage` picks "mean" or "sum". Null where neither is given: then `reduction` holds.
 */
export function reductionFromLegacy({
  sizeAverage,
  reduce,
}: LegacyReduction): "none" | "mean" | "sum" | null {
  if ((sizeAverage ?? reduce ?? null) === null) return null;
  if (reduce === false) return "none";
  return sizeAverage === false ? "sum" : "mean";
}
