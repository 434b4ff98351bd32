import { batchFromTensors } from "../input/batch-from-tensors.ts";
import { sameLength } from "../input/same-length.ts";
import type { FloatArray, Loss, LossValue, Reduction, Tensor } from "../loss.ts";
import { reduceLosses } from "../reduce/reduce-losses.ts";
import { weighGradient } from "../reduce/weigh-gradient.ts";
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
  checkChoice(kernel.id, "reduction", reduction, ...REDUCTIONS);
  const { id, params, unit, target, readsVariance = false, whole, labelWeight } = kernel;
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

    value(prediction, target, options = {}) {
      const batch = batchFromTensors(kernel, prediction, target, options, reduction, perSample);
      const losses = new Float64Array(batch.columns.rows);
      batch.kernel.evaluate(batch.columns, losses);
      const value = reduceLosses(losses, batch, reduction);
      if (typeof value !== "number") return inWidthOf(prediction, value, options.out) as LossValue<R>;
      return (prediction instanceof Float32Array ? Math.fround(value) : value) as LossValue<R>;
    },

    gradient(prediction, target, options = {}) {
      const batch = batchFromTensors(kernel, prediction, target, options, reduction, perSample);
      const gradient = new Float64Array(batch.columns.rows * batch.columns.classes);
      batch.kernel.differentiate(batch.columns, gradient);
      weighGradient(gradient, batch);
      return inWidthOf(prediction, batch.restore?.(gradient) ?? gradient, options.out);
    },

    unreduced(columns, out) {
      kernel.check?.(columns);
      if (kernel.unreduced === undefined) kernel.evaluate(columns, out);
      else kernel.unreduced(columns, out);
    },
  };
}

const REDUCTIONS: readonly Reduction[] = [
  "none",
  "mean",
  "sum",
  "batchmean",
  "weighted_mean",
  "sum_by_nonzero_weights",
  "sum_over_batch_size",
  "mean_with_sample_weight",
];

/** The one rounding: results are formed in doubles and stored in the caller's array or the prediction's width. */
export function inWidthOf(prediction: Tensor, values: Float64Array, out: FloatArray | undefined): FloatArray {
  if (out === undefined) return prediction instanceof Float32Array ? Float32Array.from(values) : values;
  sameLength("entries in out", out.length, values.length);
  out.set(values);
  return out;
}
