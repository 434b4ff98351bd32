import { batchFromTensors, type Batch } from "../input/batch-from-tensors.ts";
import { checkNames } from "../input/check-names.ts";
import { sameLength } from "../input/same-length.ts";
import type { BatchOptions, FloatArray, Loss, LossValue, Reduction, Tensor } from "../loss.ts";
import { DENOMINATOR_SHARES } from "../reduce/denominator-shares.ts";
import { reduceLosses } from "../reduce/reduce-losses.ts";
import { weigh } from "../reduce/weigh.ts";
import { camelCase } from "./camel-case.ts";
import { checkChoice } from "./check-choice.ts";
import type { Kernel } from "./kernel.ts";

export interface LossOptions<R extends Reduction = Reduction> {
  /** What the unreduced losses become. Default "mean". */
  readonly reduction?: R;
}

export interface ElementwiseOptions<R extends Reduction = Reduction> extends LossOptions<R> {
  /** One value a sample, the mean over the last axis, as Keras has it; so too where sample weights are given. */
  readonly perSample?: boolean;
}

/** Makes a loss of a kernel: adds weights, reductions and widths, which are the same for all. */
export function lossFromKernel<R extends Reduction>(kernel: Kernel, options: ElementwiseOptions<R>): Loss<R> {
  const { reduction = "mean" as R, perSample = false } = options;
  const { id, params, unit, target, readsVariance = false, whole, labelWeight } = kernel;
  checkChoice(id, "reduction", reduction, ...Object.keys(DENOMINATOR_SHARES));
  const { fromLogits } = options as { readonly fromLogits?: unknown };
  const kinds = fromLogits === id.endsWith("_logits") ? ["fromLogits"] : [];
  checkNames(id, options, [...Object.keys(params).map(camelCase), "reduction", "perSample", ...kinds]);
  const batchOf = (prediction: Tensor, target: Tensor, given: BatchOptions): Batch =>
    batchFromTensors(kernel, prediction, target, given, reduction, perSample);
  return {
    id,
    params,
    reduction,
    unit,
    target,
    readsVariance,
    decomposable: whole === undefined,
    ...(whole && { whole }),
    ...(labelWeight && { labelWeight }),

    value(prediction, target, given = {}) {
      const batch = batchOf(prediction, target, given);
      const losses = new Float64Array(batch.columns.rows);
      batch.kernel.evaluate(batch.columns, losses);
      return inWidthOf(prediction, reduceLosses(losses, batch, reduction), given.out) as LossValue<R>;
    },

    gradient(prediction, target, given = {}) {
      const batch = batchOf(prediction, target, given);
      const gradient = new Float64Array(batch.columns.rows * batch.columns.classes);
      batch.kernel.differentiate(batch.columns, gradient);
      weigh(gradient, batch);
      return inWidthOf(prediction, batch.restore?.(gradient) ?? gradient, given.out);
    },

    unreduced(columns, out) {
      kernel.check?.(columns);
      if (kernel.unreduced === undefined) kernel.evaluate(columns, out);
      else kernel.unreduced(columns, out);
    },
  };
}

/** The one rounding: results are formed in doubles and stored in the caller's array or the prediction's width. */
export function inWidthOf<T extends number | Float64Array>(
  prediction: Tensor,
  result: T,
  out: FloatArray | undefined,
): T extends number ? number : FloatArray;
export function inWidthOf(
  prediction: Tensor,
  result: number | Float64Array,
  out: FloatArray | undefined,
): number | FloatArray {
  const isSingle = prediction instanceof Float32Array;
  if (typeof result === "number") return isSingle ? Math.fround(result) : result;
  if (out === undefined) return isSingle ? Float32Array.from(result) : result;
  sameLength("entries in out", out.length, result.length);
  out.set(result);
  return out;
}
