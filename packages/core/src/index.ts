/**
 * The losses of neural networks as value, gradient and reduction, right to the last digits, and exact running sums.
 *
 * ```ts
 * import { huber, lossFromSpec, RunningLoss } from "@lossflow/core";
 *
 * const loss = huber({ delta: 1, reduction: "none" });
 * const losses = loss.value([1, 2, 7], [1, 1, 1]);
 * console.log(losses); // Float64Array(3) [ 0, 0.5, 5.5 ]
 * console.log(loss.gradient([1, 2, 7], [1, 1, 1])); // Float64Array(3) [ 0, 1, 1 ]
 *
 * const running = RunningLoss.create();
 * RunningLoss.addArray(running, losses);
 * console.log(RunningLoss.value(running).mean); // 2
 * console.log(lossFromSpec({ loss: "huber", params: { reduction: "sum" } }).value([1, 2, 7], [1, 1, 1])); // 6
 * ```
 *
 * @module
 */
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
  Mask,
  Numbers,
  Reduction,
  TargetKind,
  Tensor,
  WholeLoss,
} from "./loss.ts";
export * as RunningLoss from "./state/running-loss.ts";
export { ExactSum } from "./sum/exact-sum.ts";
export type { ExactDigits } from "./sum/exact-sum.ts";
export { sumFromBytes } from "./sum/sum-from-bytes.ts";
export { bytesFromSum } from "./sum/bytes-from-sum.ts";
export type { AddArrayOptions } from "./state/add-losses.ts";
export type { AddPartsOptions } from "./state/add-parts.ts";
export type { Count } from "./state/count.ts";
export type { NanPolicy, RunningLossOptions, RunningLossState } from "./state/running-loss-state.ts";
export type { RunningLossValue, RunningReduction, Spread } from "./state/state-value.ts";
// Losses of rows.
export { categoricalFocalKeras } from "./losses/categorical-focal-keras.ts";
export type { CategoricalFocalKerasOptions } from "./losses/categorical-focal-keras.ts";
export type { CategoricalOptions } from "./losses/categorical-options.ts";
export { categoricalHinge } from "./losses/categorical-hinge.ts";
export { cosine } from "./losses/cosine.ts";
export type { CosineOptions } from "./losses/cosine.ts";
export { categoricalCrossEntropy } from "./losses/categorical-cross-entropy.ts";
export { softmaxFocal } from "./losses/softmax-focal.ts";
export type { SoftmaxFocalOptions } from "./losses/softmax-focal.ts";
export { sparseCategoricalCrossEntropy } from "./losses/sparse-categorical-cross-entropy.ts";
export type { SparseCategoricalOptions } from "./losses/sparse-categorical-cross-entropy.ts";
// Of yes-or-no questions.
export { balancedBinaryCrossEntropy } from "./losses/balanced-binary-cross-entropy.ts";
export type { BalancedBinaryCrossEntropyOptions } from "./losses/balanced-binary-cross-entropy.ts";
export { binaryCrossEntropy } from "./losses/binary-cross-entropy.ts";
export type { BinaryCrossEntropyOptions } from "./losses/binary-cross-entropy.ts";
export { dice } from "./losses/dice.ts";
export type { DiceOptions } from "./losses/dice.ts";
export { tversky } from "./losses/tversky.ts";
export type { TverskyOptions } from "./losses/tversky.ts";
export { focal } from "./losses/focal.ts";
export type { FocalOptions } from "./losses/focal.ts";
export { logLossEps } from "./losses/log-loss-eps.ts";
export type { LogLossEpsOptions } from "./losses/log-loss-eps.ts";
// Of distances.
export { hinge, squaredHinge } from "./losses/hinge.ts";
export type { HingeOptions } from "./losses/hinge.ts";
export { quantile } from "./losses/quantile.ts";
export type { QuantileOptions } from "./losses/quantile.ts";
export { meanSquaredLogarithmicError } from "./losses/mean-squared-logarithmic-error.ts";
export type { MeanSquaredLogarithmicErrorOptions } from "./losses/mean-squared-logarithmic-error.ts";
export { smoothL1 } from "./losses/smooth-l1.ts";
export type { SmoothL1Options } from "./losses/smooth-l1.ts";
export { meanAbsolutePercentageError } from "./losses/mean-absolute-percentage-error.ts";
export type { MeanAbsolutePercentageErrorOptions } from "./losses/mean-absolute-percentage-error.ts";
export { meanSquaredError } from "./losses/mean-squared-error.ts";
export { meanAbsoluteError } from "./losses/mean-absolute-error.ts";
export { logCosh } from "./losses/log-cosh.ts";
export { huber } from "./losses/huber.ts";
export type { HuberOptions } from "./losses/huber.ts";
export type { LossOptions, ElementwiseOptions } from "./losses/assemble-loss.ts";
// Of distributions.
export { generalizedKl } from "./losses/generalized-kl.ts";
export { klDivergence } from "./losses/kl-divergence.ts";
export type { KlDivergenceOptions } from "./losses/kl-divergence.ts";
export { poissonNll } from "./losses/poisson-nll.ts";
export type { PoissonNllOptions } from "./losses/poisson-nll.ts";
export { gaussianNll } from "./losses/gaussian-nll.ts";
export type { GaussianNllOptions } from "./losses/gaussian-nll.ts";
// By name.
export { nearestNames } from "./registry/nearest-names.ts";
export { reductionFromLegacy } from "./registry/reduction-from-legacy.ts";
export type { LegacyReduction } from "./registry/reduction-from-legacy.ts";
export { lossFromSpec, lossInfo } from "./registry/loss-from-spec.ts";
export type { LossSpec } from "./registry/loss-from-spec.ts";
export type { LossInfo } from "./registry/loss-info.ts";
export { PRESETS } from "./registry/presets.ts";
export type { Preset } from "./registry/presets.ts";
export { LOSSES } from "./registry/losses.ts";
export type { ParameterInfo } from "./registry/parameter-info.ts";
