import { checkNames } from "../input/check-names.ts";
import { refuse, same } from "../input/refuse.ts";
import type { BatchOptions, FloatArray, Loss, Reduction, Tensor } from "../loss.ts";
import type { Kernel } from "./kernel.ts";
import { DENOMINATOR_SHARES } from "../reduce/denominator-shares.ts";
import { checkOptions } from "./parameters.ts";

/** Options of every loss. */
export interface LossOptions<R extends Reduction = Reduction> {
  /** What the unreduced losses become. Default "mean". */
  readonly reduction?: R;
}

/** Options of every elementwise loss. */
export interface ElementwiseOptions<R extends Reduction = Reduction> extends LossOptions<R> {
  /**
   * One value a sample, the mean over the last axis, as Keras has it; so too where sample weights are given. Keras's reductions
   * then divide by what Keras divides: with masks or ignored labels 1e-7 more, else the sum of sample weights as given.
   */
  readonly perSample?: boolean;
}

/** Computes the figures of a batch, several for "none" alone, or its gradient. */
export type Compute = (
  prediction: Tensor,
  target: Tensor,
  options: BatchOptions,
  reduction: Reduction,
  isGradient: boolean,
  perSample: boolean,
) => Float64Array;

/** What a loss has beyond what all have: readsVariance, labelWeight; or its whole, and what to say of one row. */
export type More = Partial<
  Pick<Loss, "readsVariance" | "labelWeight" | "decomposable" | "whole" | "unreduced">
>;

/**
 * Makes a loss of what computes its batches: checks its options, and rounds once, from doubles to the width of the caller's
 * array or the prediction.
 * @throws LF_BAD_PARAMETER.
 */
export function assembleLoss<R extends Reduction>(
  { id, rules, target }: Pick<Kernel, "id" | "rules" | "target">,
  options: ElementwiseOptions<R>,
  compute: Compute,
  more: More & Pick<Loss, "unreduced">,
): Loss<R> {
  const {
    reduction = "mean" as R,
    perSample = false,
    fromLogits,
  } = options as ElementwiseOptions<R> & {
    readonly fromLogits?: unknown;
  };
  checkOptions(id, options, {
    reduction: [reduction, ...Object.keys(DENOMINATOR_SHARES)],
    perSample: [perSample, true, false],
    // Of losses in two forms.
    ...(/[bc]ce|al(_l|$)/.test(id) && { fromLogits: [fromLogits, true, false] }),
    ...rules,
  });
  const run =
    (isGradient: boolean) =>
    (x: Tensor, t: Tensor, given?: BatchOptions | null): FloatArray | number => {
      given ??= {};
      checkNames(`a batch of ${id}`, given, OPTIONS);
      const result = compute(x, t, given, reduction, isGradient, perSample);
      const rounded = x instanceof Float32Array ? new Float32Array(result) : result;
      if (!isGradient && reduction !== "none") return rounded[0]!;
      const out = given.out ?? rounded;
      // A Float32Array or Float64Array: integers would cut off what they are given.
      const kind: string | undefined = out[Symbol.toStringTag];
      if (kind?.[0] !== "F") refuse("LF_BAD_PARAMETER", "option out", kind ?? out, "an array of floats");
      same("LF_LENGTH_MISMATCH", "length of out", out.length, result.length);
      out.set(result);
      return out;
    };
  return {
    id,
    params: { ...checkOptions(id, {}, rules), ...(perSample && { per_sample: perSample }) },
    reduction,
    unit: ["label", "distribution", "vector"].includes(target) ? "row" : "element",
    target,
    readsVariance: false,
    decomposable: true,
    ...more,
    value: run(false) as Loss<R>["value"],
    gradient: run(true) as Loss<R>["gradient"],
  };
}

const OPTIONS = ["shape", "classAxis", "weight", "sampleWeight", "mask", "variance", "out"];
