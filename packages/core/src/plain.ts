/**
 * Each loss alone, for pages: of flat arrays, each element or row of which counts once; value and gradient, reductions none,
 * mean and sum, below 3 kB. They compute by the same kernels as the losses of `@lossflow/core`, which take weights, masks,
 * arrays in arrays and other denominators besides, and give the same bits. Each is named as its id, and logits are a loss
 * of their own.
 *
 * ```ts
 * import { scceLogits } from "@lossflow/core/plain";
 *
 * const loss = scceLogits({ ignoreIndex: -100 });
 * const logits = Float32Array.of(2, 0, -1, 0, 1, 0);
 * console.log(loss.value(logits, [0, 2])); // 0.8606453537940979
 * console.log(loss.gradient(logits, [0, 2]).length); // 6
 * ```
 *
 * @module
 */
import {
  balancedBinaryCrossEntropyKernel,
  type BalancedBinaryCrossEntropyOptions,
} from "./losses/balanced-binary-cross-entropy.ts";
import { binaryCrossEntropyKernel, type BinaryCrossEntropyOptions } from "./losses/binary-cross-entropy.ts";
import { categoricalCrossEntropyKernel } from "./losses/categorical-cross-entropy.ts";
import {
  categoricalFocalKerasKernel,
  type CategoricalFocalKerasKernelOptions,
} from "./losses/categorical-focal-keras.ts";
import { categoricalHingeKernel } from "./losses/categorical-hinge.ts";
import { type CategoricalOptions } from "./losses/categorical-options.ts";
import { cosineKernel, type CosineOptions } from "./losses/cosine.ts";
import { type DiceOptions, diceOverlap } from "./losses/dice.ts";
import { focalKernel, focalLogitsKernel, type FocalOptions } from "./losses/focal.ts";
import { gaussianNllKernel, type GaussianNllOptions } from "./losses/gaussian-nll.ts";
import { generalizedKlKernel } from "./losses/generalized-kl.ts";
import { hingeKernel, type HingeOptions, squaredHingeKernel } from "./losses/hinge.ts";
import { huberKernel, type HuberOptions } from "./losses/huber.ts";
import { klDivergenceKernel, type KlDivergenceOptions } from "./losses/kl-divergence.ts";
import { logCoshKernel } from "./losses/log-cosh.ts";
import { logLossEpsKernel, type LogLossEpsOptions } from "./losses/log-loss-eps.ts";
import { meanAbsoluteErrorKernel } from "./losses/mean-absolute-error.ts";
import {
  meanAbsolutePercentageErrorKernel,
  type MeanAbsolutePercentageErrorOptions,
} from "./losses/mean-absolute-percentage-error.ts";
import { meanSquaredErrorKernel } from "./losses/mean-squared-error.ts";
import {
  meanSquaredLogarithmicErrorKernel,
  type MeanSquaredLogarithmicErrorOptions,
} from "./losses/mean-squared-logarithmic-error.ts";
import { poissonNllKernel, type PoissonNllOptions } from "./losses/poisson-nll.ts";
import { quantileKernel, type QuantileOptions } from "./losses/quantile.ts";
import { smoothL1Kernel, type SmoothL1Options } from "./losses/smooth-l1.ts";
import { softmaxFocalKernel, type SoftmaxFocalKernelOptions } from "./losses/softmax-focal.ts";
import {
  sparseCategoricalCrossEntropyKernel,
  type SparseCategoricalOptions,
} from "./losses/sparse-categorical-cross-entropy.ts";
import { type TverskyOptions, tverskyOverlap } from "./losses/tversky.ts";
import { PROBABILITIES } from "./losses/probability-row.ts";
import { LOGITS } from "./losses/softmax-row.ts";
import { kept, reduced, together } from "./plain/compute.ts";
import { elements, elementsWithVariance, labels, vectors } from "./plain/lay-out.ts";
import { plainLoss, type PlainFactory } from "./plain/plain-loss.ts";

export type { PlainBatch, PlainFactory, PlainLoss, PlainReduction } from "./plain/plain-loss.ts";

/** `bce`: the `binaryCrossEntropy` of probabilities. */
export const bce: PlainFactory<Omit<BinaryCrossEntropyOptions, "fromLogits" | "posWeight">> =
  /* @__PURE__ */ plainLoss((options) => reduced(binaryCrossEntropyKernel(options)), elements);
/** `bce_logits`: the `binaryCrossEntropy` of logits. */
export const bceLogits: PlainFactory<Pick<BinaryCrossEntropyOptions, "labelSmoothing" | "posWeight">> =
  /* @__PURE__ */ plainLoss(
    (options) => reduced(binaryCrossEntropyKernel({ ...options, fromLogits: true })),
    elements,
  );
/** `balanced_bce`: the `balancedBinaryCrossEntropy` of probabilities. */
export const balancedBce: PlainFactory<Omit<BalancedBinaryCrossEntropyOptions, "fromLogits">> =
  /* @__PURE__ */ plainLoss((options) => reduced(balancedBinaryCrossEntropyKernel(options)), elements);
/** `balanced_bce_logits`: the `balancedBinaryCrossEntropy` of logits. */
export const balancedBceLogits: PlainFactory<Omit<BalancedBinaryCrossEntropyOptions, "fromLogits">> =
  /* @__PURE__ */ plainLoss(
    (options) => reduced(balancedBinaryCrossEntropyKernel({ ...options, fromLogits: true })),
    elements,
  );
/** `focal`: the `focal` loss of probabilities. */
export const focal: PlainFactory<Omit<FocalOptions, "fromLogits">> = /* @__PURE__ */ plainLoss(
  (options) => reduced(focalKernel(options)),
  elements,
);
/** `focal_logits`: the `focal` loss of logits. */
export const focalLogits: PlainFactory<Pick<FocalOptions, "gamma" | "alpha" | "labelSmoothing">> =
  /* @__PURE__ */ plainLoss((options) => reduced(focalLogitsKernel(options)), elements);
/** `focal_softmax`: the `softmaxFocal` loss of rows of logits, one alpha for all classes. */
export const focalSoftmax: PlainFactory<SoftmaxFocalKernelOptions> = /* @__PURE__ */ plainLoss(
  (options) => reduced(softmaxFocalKernel(options)),
  labels,
);
/** `cce`: the `categoricalCrossEntropy` of rows of probabilities. */
export const cce: PlainFactory<Omit<CategoricalOptions, "fromLogits" | "classWeight">> =
  /* @__PURE__ */ plainLoss(
    (options) => reduced(categoricalCrossEntropyKernel(options, PROBABILITIES, null)),
    vectors,
  );
/** `cce_logits`: the `categoricalCrossEntropy` of rows of logits. */
export const cceLogits: PlainFactory<Pick<CategoricalOptions, "labelSmoothing">> = /* @__PURE__ */ plainLoss(
  (options) => reduced(categoricalCrossEntropyKernel(options, LOGITS, null)),
  vectors,
);
/** `scce`: the `sparseCategoricalCrossEntropy` of rows of probabilities. */
export const scce: PlainFactory<Omit<SparseCategoricalOptions, "fromLogits" | "classWeight">> =
  /* @__PURE__ */ plainLoss(
    (options) => kept(sparseCategoricalCrossEntropyKernel(options, PROBABILITIES)),
    labels,
  );
/** `scce_logits`: the `sparseCategoricalCrossEntropy` of rows of logits. */
export const scceLogits: PlainFactory<Pick<SparseCategoricalOptions, "ignoreIndex" | "labelSmoothing">> =
  /* @__PURE__ */ plainLoss((options) => kept(sparseCategoricalCrossEntropyKernel(options, LOGITS)), labels);
/** `mse`: the `meanSquaredError`. */
export const mse: PlainFactory = /* @__PURE__ */ plainLoss<unknown>(
  () => reduced(meanSquaredErrorKernel()),
  elements,
);
/** `mae`: the `meanAbsoluteError`. */
export const mae: PlainFactory = /* @__PURE__ */ plainLoss<unknown>(
  () => reduced(meanAbsoluteErrorKernel()),
  elements,
);
/** `huber`. */
export const huber: PlainFactory<HuberOptions> = /* @__PURE__ */ plainLoss(
  (options) => reduced(huberKernel(options)),
  elements,
);
/** `smooth_l1`: `smoothL1`. */
export const smoothL1: PlainFactory<SmoothL1Options> = /* @__PURE__ */ plainLoss(
  (options) => reduced(smoothL1Kernel(options)),
  elements,
);
/** `log_cosh`: `logCosh`. */
export const logCosh: PlainFactory = /* @__PURE__ */ plainLoss<unknown>(
  () => reduced(logCoshKernel()),
  elements,
);
/** `quantile`. */
export const quantile: PlainFactory<QuantileOptions> = /* @__PURE__ */ plainLoss(
  (options) => reduced(quantileKernel(options)),
  elements,
);
/** `mape`: the `meanAbsolutePercentageError`. */
export const mape: PlainFactory<MeanAbsolutePercentageErrorOptions> = /* @__PURE__ */ plainLoss(
  (options) => reduced(meanAbsolutePercentageErrorKernel(options)),
  elements,
);
/** `msle`: the `meanSquaredLogarithmicError`. */
export const msle: PlainFactory<MeanSquaredLogarithmicErrorOptions> = /* @__PURE__ */ plainLoss(
  (options) => reduced(meanSquaredLogarithmicErrorKernel(options)),
  elements,
);
/** `hinge`. */
export const hinge: PlainFactory<HingeOptions> = /* @__PURE__ */ plainLoss(
  (options) => reduced(hingeKernel(options)),
  elements,
);
/** `squared_hinge`: `squaredHinge`. */
export const squaredHinge: PlainFactory<HingeOptions> = /* @__PURE__ */ plainLoss(
  (options) => reduced(squaredHingeKernel(options)),
  elements,
);
/** `categorical_hinge`: the `categoricalHinge` of rows. */
export const categoricalHinge: PlainFactory = /* @__PURE__ */ plainLoss<unknown>(
  () => reduced(categoricalHingeKernel()),
  vectors,
);
/** `poisson_nll`: `poissonNll`. */
export const poissonNll: PlainFactory<PoissonNllOptions> = /* @__PURE__ */ plainLoss(
  (options) => reduced(poissonNllKernel(options)),
  elements,
);
/** `gaussian_nll`: `gaussianNll`, with a `variance` in each batch. */
export const gaussianNll: PlainFactory<GaussianNllOptions> = /* @__PURE__ */ plainLoss(
  (options) => reduced(gaussianNllKernel(options)),
  elementsWithVariance,
);
/** `kl_div`: the `klDivergence`. */
export const klDiv: PlainFactory<KlDivergenceOptions> = /* @__PURE__ */ plainLoss(
  (options) => reduced(klDivergenceKernel(options)),
  elements,
);
/** `cosine`, of rows. */
export const cosine: PlainFactory<CosineOptions> = /* @__PURE__ */ plainLoss(
  (options) => reduced(cosineKernel(options)),
  vectors,
);
/** `dice`, one figure for all elements together. */
export const dice: PlainFactory<DiceOptions> = /* @__PURE__ */ plainLoss(
  (options) => together(diceOverlap(options)),
  elements,
);
/** `tversky`, one figure for all elements together. */
export const tversky: PlainFactory<TverskyOptions> = /* @__PURE__ */ plainLoss(
  (options) => together(tverskyOverlap(options)),
  elements,
);
/** `log_loss_eps`: `logLossEps`. */
export const logLossEps: PlainFactory<LogLossEpsOptions> = /* @__PURE__ */ plainLoss(
  (options) => reduced(logLossEpsKernel(options)),
  elements,
);
/** `categorical_focal_keras`: the `categoricalFocalKeras` of rows of probabilities. */
export const categoricalFocalKeras: PlainFactory<Omit<CategoricalFocalKerasKernelOptions, "fromLogits">> =
  /* @__PURE__ */ plainLoss(
    (options) => reduced(categoricalFocalKerasKernel(options, PROBABILITIES)),
    vectors,
  );
/** `categorical_focal_keras` with `from_logits`: the `categoricalFocalKeras` of rows of logits. */
export const categoricalFocalKerasLogits: PlainFactory<
  Omit<CategoricalFocalKerasKernelOptions, "fromLogits">
> = /* @__PURE__ */ plainLoss((options) => reduced(categoricalFocalKerasKernel(options, LOGITS)), vectors);
/** `generalized_kl`: the `generalizedKl` of rows. */
export const generalizedKl: PlainFactory = /* @__PURE__ */ plainLoss<unknown>(
  () => reduced(generalizedKlKernel()),
  vectors,
);
