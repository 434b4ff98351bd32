import { refuse } from "../input/refuse.ts";
import { checkOptions } from "../losses/parameters.ts";
import { ExactSum } from "../sum/exact-sum.ts";
import type { Count } from "./count.ts";

/**
 * What a loss that is NaN or infinite does. Counted it is always.
 * - `count`: left out of sum and mean.
 * - `skip`: NaN is left out; an infinity makes sum and mean infinite (both infinities make them NaN).
 * - `propagate`: as `skip`, and NaN makes them NaN.
 * - `throw`: refused with LF_NON_FINITE and its row.
 */
export type NanPolicy = "count" | "skip" | "propagate" | "throw";

/** Options of {@link create}. */
export interface RunningLossOptions {
  /** Default `count`. */
  readonly nan?: NanPolicy;
  /** Whether the loss of a row of weight 0 is left alone (`ignore`, the default) or evaluated (`multiply`). */
  readonly zeroWeight?: "ignore" | "multiply";
  /**
   * Whether the exact sum of squares is kept, for variance and standard error. Default true; without it bulk adds cost
   * a third.
   */
  readonly squares?: boolean;
  /** The parts of a loss that depends on the whole ({@link WholeLoss}); the state then keeps their sums alone. */
  readonly parts?: readonly { readonly weighted: boolean }[];
}

/**
 * The running state of one loss over rows: plain counts and exact sums, nothing rounded. Merging and adding in any
 * order and grouping give the same state. To cross a thread or a wire it goes as bytes.
 */
export interface RunningLossState {
  readonly nanPolicy: NanPolicy;
  readonly zeroWeight: "ignore" | "multiply";
  finite: Count;
  nan: Count;
  posInf: Count;
  negInf: Count;
  missing: Count;
  ignored: Count;
  /** Of the finite ones, those of weight 0 (where `zeroWeight` is `multiply`). */
  zeroWeights: Count;
  /** Which terms weight * loss were not finite: 1 NaN, 2 Infinity, 4 -Infinity. */
  nonFiniteTerms: number;
  /** The sum of weight * loss over finite losses. */
  readonly sum: ExactSum;
  /** The sum of the weights over finite losses. */
  readonly weightSum: ExactSum;
  /** The sums of weight * loss^2 and of weight^2. */
  readonly squares: { readonly sum: ExactSum; readonly weightSum: ExactSum } | null;
  /** Infinity, and -Infinity for the maximum, while no finite loss was seen. */
  min: number;
  max: number;
  /** The first row each came from; Infinity where rows were not named. */
  minRow: number;
  maxRow: number;
  readonly parts: readonly { readonly weighted: boolean; readonly sum: ExactSum }[];
}

/** Makes the state of no rows. @throws LF_STATE_PARTS for more than 32 parts; LF_BAD_PARAMETER for what is no option. */
export function create(options?: RunningLossOptions | null): RunningLossState {
  options ??= {};
  const { nan = "count", zeroWeight = "ignore" } = options;
  const parts = options.parts ?? [];
  const { squares = parts.length === 0 } = options;
  checkOptions("a running loss", options, {
    nan: [nan, ...POLICIES],
    zeroWeight: [zeroWeight, "ignore", "multiply"],
    parts: [parts, Array.isArray(parts) ? parts : "a list"],
    squares: [squares, true, false],
  });
  if (parts.length > MAX_PARTS)
    refuse("LF_STATE_PARTS", "number of parts", parts.length, `at most ${MAX_PARTS}`);
  return {
    nanPolicy: nan,
    zeroWeight,
    finite: 0,
    nan: 0,
    posInf: 0,
    negInf: 0,
    missing: 0,
    ignored: 0,
    zeroWeights: 0,
    nonFiniteTerms: 0,
    sum: new ExactSum(),
    weightSum: new ExactSum(),
    squares: squares ? { sum: new ExactSum(), weightSum: new ExactSum() } : null,
    min: Infinity,
    minRow: Infinity,
    max: -Infinity,
    maxRow: Infinity,
    parts: parts.map((part: { weighted?: boolean } | null) => ({
      weighted: part?.weighted === true,
      sum: new ExactSum(),
    })),
  };
}

/** In the order of their numbers in the bytes of a state. */
export const POLICIES: readonly NanPolicy[] = ["count", "skip", "propagate", "throw"];
/** One bit each in the bytes of a state. */
export const MAX_PARTS = 32;
