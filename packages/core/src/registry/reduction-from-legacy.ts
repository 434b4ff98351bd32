import { checkOptions } from "../losses/parameters.ts";

/** PyTorch's old pair of flags; one that is not given counts as true. */
export interface LegacyReduction {
  readonly sizeAverage?: boolean | null;
  readonly reduce?: boolean | null;
}

/**
 * Tells the reduction that PyTorch's old flags mean: `reduce` false is "none" whatever `sizeAverage` says, else
 * `sizeAverage` picks "mean" or "sum". Null where neither is given: then `reduction` holds.
 * @throws LF_BAD_PARAMETER for what is no flag, naming the loss.
 */
export function reductionFromLegacy(
  flags?: LegacyReduction | null,
  loss: string = "flags",
): "none" | "mean" | "sum" | null {
  const { sizeAverage, reduce } = flags ?? {};
  checkOptions(loss, flags ?? {}, {
    sizeAverage: [sizeAverage ?? true, true, false],
    reduce: [reduce ?? true, true, false],
  });
  if ((sizeAverage ?? reduce ?? null) === null) return null;
  if (reduce === false) return "none";
  return sizeAverage === false ? "sum" : "mean";
}
