export { LossflowError, isLossflowError } from "./error.ts";
export type { ErrorPlace } from "./error.ts";
export type {
  BatchOptions,
  Convention,
  FloatArray,
  Loss,
  LossColumns,
  LossId,
  LossValue,
  Numbers,
  Reduction,
  TargetKind,
  Tensor,
  WholeLoss,
} from "./loss.ts";
export { balancedBinaryCrossEntropy } from "./losses/balanced-binary-cross-entropy.ts";
export type { BalancedBinaryCrossEntropyOptions } from "./losses/balanced-binary-cross-entropy.ts";
export { binaryCrossEntropy } from "./losses/binary-cross-entropy.ts";
export type { BinaryCrossEntropyOptions } from "./losses/binary-cross-entropy.ts";
export { categoricalCrossEntropy } from "./losses/categorical-cross-entropy.ts";
export type { CategoricalOptions } from "./losses/categorical-cross-entropy.ts";
export { focal } from "./losses/focal.ts";
export type { FocalOptions } from "./losses/focal.ts";
export { huber } from "./losses/huber.ts";
export type { HuberOptions } from "./losses/huber.ts";
export type { ElementwiseOptions, LossOptions } from "./losses/loss-from-kernel.ts";
export { meanAbsoluteError } from "./losses/mean-absolute-error.ts";
export { meanSquaredError } from "./losses/mean-squared-error.ts";
export { smoothL1 } from "./losses/smooth-l1.ts";
export type { SmoothL1Options } from "./losses/smooth-l1.ts";
export { softmaxFocal } from "./losses/softmax-focal.ts";
export type { SoftmaxFocalOptions } from "./losses/softmax-focal.ts";
export { sparseCategoricalCrossEntropy } from "./losses/sparse-categorical-cross-entropy.ts";
export type { SparseCategoricalOptions } from "./losses/sparse-categorical-cross-entropy.ts";
export { lossFromSpec, lossInfo } from "./registry/loss-from-spec.ts";
export type { LossSpec } from "./registry/loss-from-spec.ts";
export type { LossInfo } from "./registry/loss-info.ts";
export { LOSSES } from "./registry/losses.ts";
export { nearestNames } from "./registry/nearest-names.ts";
export type { ParameterInfo } from "./registry/parameter-info.ts";
export { reductionFromLegacy } from "./registry/reduction-from-legacy.ts";
export type { LegacyReduction } from "./registry/reduction-from-legacy.ts";
export { ExactSum } from "./sum/exact-sum.ts";
export type { ExactDigits } from "./sum/exact-sum.ts";
export { SumTable } from "./sum/sum-table.ts";
export * as RunningLoss from "./state/running-loss.ts";
export type { AddArrayOptions } from "./state/add-losses.ts";
export type { AddPartsOptions } from "./state/add-parts.ts";
export type { Count } from "./state/count.ts";
export type { NanPolicy, RunningLossOptions, RunningLossState } from "./state/running-loss-state.ts";
export type { RunningLossValue, RunningReduction, Spread } from "./state/state-value.ts";
