import { LossflowError } from "../error.ts";
import { batchFromTensors, sameLength } from "../input/batch-from-tensors.ts";
import { classesFirst } from "../input/classes-last.ts";
import type { FloatArray, Loss, LossValue, Reduction, Tensor } from "../loss.ts";
import { reduceLosses } from "../reduce/reduce-losses.ts";
import { weighGradient } from "../reduce/weigh-gradient.ts";
import { checkParameter } from "./check-parameter.ts";
import type { Kernel } from "./kernel.ts";

export interface LossOptions<R extends Reduction = Reduction> {
  /** What the unreduced losses become. Default "mean". */
  readonly reduction?: R;
}

export interface ElementwiseOptions<R extends Reduction = Reduction> extends LossOptions<R> {
  /** One value a sample, the mean over the last axis, as Keras has it; so too where sample weights are given. */
  readonly perSample?: boolean;
}

/** Makes a loss of a kernel: adds shapes, weights, reductions and widths, which are the same for all. */
export function lossFromKernel<R extends Reduction>(kernel: Kernel, options: ElementwiseOptions<R>): Loss<R> {
  const { reduction = "mean" as R, perSample = false } = options;
  checkParameter(
    REDUCTIONS.includes(reduction),
    kernel.id,
    "reduction",
    reduction,
    `one of ${REDUCTIONS.join(", ")}`,
  );
  const { classWeight = null, ignoreIndex = null, whole } = kernel;
  const weighLabel = (label: number): number => (label === ignoreIndex ? 0 : (classWeight?.[label] ?? 1));
  return {
    id: kernel.id,
    params: kernel.params,
    reduction,
    unit: kernel.unit,
    target: kernel.target,
    readsVariance: kernel.readsVariance ?? false,
    decomposable: whole === undefined,
    ...(whole === undefined ? {} : { whole }),
    ...(classWeight === null && ignoreIndex === null ? {} : { labelWeight: weighLabel }),

    value(prediction, target, options = {}) {
      const batch = batchFromTensors(kernel, prediction, target, options, reduction, perSample);
      kernel.check?.(batch.columns);
      const losses = new Float64Array(batch.columns.rows);
      (kernel.forBatch?.(batch.columns) ?? kernel).evaluate(batch.columns, losses);
      const value = reduceLosses(losses, batch, reduction);
      if (typeof value !== "number") return inWidthOf(prediction, value, options.out) as LossValue<R>;
      return (prediction instanceof Float32Array ? Math.fround(value) : value) as LossValue<R>;
    },

    gradient(prediction, target, options = {}) {
      const batch = batchFromTensors(kernel, prediction, target, options, reduction, perSample);
      const { columns, outer, inner } = batch;
      kernel.check?.(columns);
      const gradient = new Float64Array(columns.rows * columns.classes);
      (kernel.forBatch?.(columns) ?? kernel).differentiate(columns, gradient);
      weighGradient(gradient, batch);
      const turned = inner === 1 ? gradient : classesFirst(gradient, outer, columns.classes, inner);
      return inWidthOf(prediction, turned, options.out);
    },

    unreduced(columns, out) {
      if (whole !== undefined) {
        throw new LossflowError(
          "LF_NOT_DECOMPOSABLE",
          `${kernel.id} depends on all of the data and has no loss for one row: use its parts (whole).`,
        );
      }
      kernel.check?.(columns);
      kernel.evaluate(columns, out);
      if (kernel.weighsClasses !== true) return;
      for (let r = 0; r < columns.rows; r++) {
        if (columns.target[r] !== ignoreIndex) out[r]! /= weighLabel(columns.target[r]!);
      }
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
function inWidthOf(prediction: Tensor, values: Float64Array, out: FloatArray | undefined): FloatArray {
  if (out !== undefined) {
    sameLength("entries in out", out.length, values.length);
    out.set(values);
    return out;
  }
  return prediction instanceof Float32Array ? Float32Array.from(values) : values;
}
