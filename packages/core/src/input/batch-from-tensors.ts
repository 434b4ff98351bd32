import type { BatchOptions, LossColumns, Numbers, Reduction, Tensor } from "../loss.ts";
import type { Kernel } from "../losses/kernel.ts";
import type { Arrangement } from "./arrangement.ts";
import { checkNames } from "./check-names.ts";
import { flatTensor } from "./flat-tensor.ts";
import { weightsFromOptions, type Weights } from "./weights-from-options.ts";

/** One batch as the kernel reads it, with what a reduction needs to know. */
export interface Batch extends Arrangement, Weights {
  /** The kernel for this batch. */
  readonly kernel: Kernel;
}

/**
 * Lays a batch out in columns and checks it; units of weight 0 become NaN first, so that no check stops at what is not
 * looked at.
 * @throws LF_SHAPE, LF_LENGTH_MISMATCH, LF_CLASS_COUNT_MISMATCH, LF_WEIGHT_OUT_OF_RANGE, LF_NOT_A_NUMBER,
 *   LF_BAD_PARAMETER, and what the kernel refuses.
 */
export function batchFromTensors(
  kernel: Kernel,
  prediction: Tensor,
  target: Tensor,
  options: BatchOptions,
  reduction: Reduction,
  perSample: boolean,
): Batch {
  checkNames(`a batch of ${kernel.id}`, options, OPTIONS);
  const arranged = kernel.arrange(
    flatTensor(prediction, "prediction"),
    flatTensor(target, "target"),
    options,
  );
  const weights = weightsFromOptions(kernel, arranged, options, reduction, perSample);
  const columns = weights.weight?.includes(0) ? blanked(arranged.columns, weights.weight) : arranged.columns;
  kernel.check?.(columns);
  return { ...arranged, ...weights, columns, kernel: kernel.forBatch?.(columns) ?? kernel };
}

const OPTIONS = ["shape", "classAxis", "weight", "sampleWeight", "mask", "variance", "out"];

function blanked(columns: LossColumns, weight: Float64Array): LossColumns {
  const blank = (values: Numbers): Float64Array => {
    const each = values.length / weight.length;
    return Float64Array.from(values, (x, i) => (weight[Math.floor(i / each)] === 0 ? Number.NaN : x));
  };
  const { prediction, target, variance } = columns;
  return {
    ...columns,
    prediction: blank(prediction),
    target: blank(target),
    ...(variance && { variance: blank(variance) }),
  };
}
