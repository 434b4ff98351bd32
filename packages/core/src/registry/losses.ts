import type { Loss } from "../loss.ts";
import { balancedBinaryCrossEntropy } from "../losses/balanced-binary-cross-entropy.ts";
import { binaryCrossEntropy } from "../losses/binary-cross-entropy.ts";
import { categoricalCrossEntropy } from "../losses/categorical-cross-entropy.ts";
import { categoricalFocalKeras } from "../losses/categorical-focal-keras.ts";
import { categoricalHinge } from "../losses/categorical-hinge.ts";
import { cosine } from "../losses/cosine.ts";
import { dice } from "../losses/dice.ts";
import { focal } from "../losses/focal.ts";
import { gaussianNll } from "../losses/gaussian-nll.ts";
import { generalizedKl } from "../losses/generalized-kl.ts";
import { hinge, squaredHinge } from "../losses/hinge.ts";
import { huber } from "../losses/huber.ts";
import { klDivergence } from "../losses/kl-divergence.ts";
import { logCosh } from "../losses/log-cosh.ts";
import { logLossEps } from "../losses/log-loss-eps.ts";
import { meanAbsoluteError } from "../losses/mean-absolute-error.ts";
import { meanAbsolutePercentageError } from "../losses/mean-absolute-percentage-error.ts";
import { meanSquaredError } from "../losses/mean-squared-error.ts";
import { meanSquaredLogarithmicError } from "../losses/mean-squared-logarithmic-error.ts";
import { poissonNll } from "../losses/poisson-nll.ts";
import { quantile } from "../losses/quantile.ts";
import { smoothL1 } from "../losses/smooth-l1.ts";
import { softmaxFocal } from "../losses/softmax-focal.ts";
import { sparseCategoricalCrossEntropy } from "../losses/sparse-categorical-cross-entropy.ts";
import { tversky } from "../losses/tversky.ts";
import type { LossInfo } from "./loss-info.ts";
import type { ParameterInfo } from "./parameter-info.ts";

const SMOOTHING = parameter("label_smoothing", 0);
const EPS = parameter("eps", 1e-7);
const CLASS_WEIGHT = parameter("class_weight", null, "numbers");
const IGNORE_INDEX = parameter("ignore_index", null, "integer");
const GAMMA = parameter("gamma", 2);
const BETA_BALANCE: ParameterInfo = { ...parameter("beta", "batch", "number"), choices: ["batch"] };
const FULL = parameter("full", false);
const SMOOTH = [parameter("smooth_num", 1), parameter("smooth_den", 1)];
const LABELS = choice("labels", "pm1", "01");
const BY_CONVENTION = [choice("convention", "exact", "torch", "keras", "keras_tf"), EPS];

/** Every loss: its id, parameters and how to make it. */
export const LOSSES: readonly LossInfo[] = [
  info("bce", "binaryCrossEntropy", binaryCrossEntropy, [
    SMOOTHING,
    choice("convention", "exact", "torch", "keras"),
    EPS,
    parameter("clamp_log", -100),
    parameter("grad_eps", Math.fround(1e-12)),
  ]),
  info("bce_logits", "binaryCrossEntropy", binaryCrossEntropy, [
    SMOOTHING,
    parameter("pos_weight", null, "numbers"),
  ]),
  info("balanced_bce", "balancedBinaryCrossEntropy", balancedBinaryCrossEntropy, [BETA_BALANCE]),
  info("balanced_bce_logits", "balancedBinaryCrossEntropy", balancedBinaryCrossEntropy, [BETA_BALANCE]),
  info("focal", "focal", focal, [GAMMA, parameter("alpha", -1), choice("convention", "exact", "keras"), EPS]),
  info("focal_logits", "focal", focal, [GAMMA, parameter("alpha", -1)]),
  info("focal_softmax", "softmaxFocal", softmaxFocal, [GAMMA, parameter("alpha", null, "numbers")]),
  info("cce", "categoricalCrossEntropy", categoricalCrossEntropy, [
    CLASS_WEIGHT,
    SMOOTHING,
    ...BY_CONVENTION,
  ]),
  info("cce_logits", "categoricalCrossEntropy", categoricalCrossEntropy, [CLASS_WEIGHT, SMOOTHING]),
  info("scce", "sparseCategoricalCrossEntropy", sparseCategoricalCrossEntropy, [
    CLASS_WEIGHT,
    IGNORE_INDEX,
    SMOOTHING,
    ...BY_CONVENTION,
  ]),
  info("scce_logits", "sparseCategoricalCrossEntropy", sparseCategoricalCrossEntropy, [
    CLASS_WEIGHT,
    IGNORE_INDEX,
    SMOOTHING,
  ]),
  info("mse", "meanSquaredError", meanSquaredError, []),
  info("mae", "meanAbsoluteError", meanAbsoluteError, []),
  info("huber", "huber", huber, [parameter("delta", 1)]),
  info("smooth_l1", "smoothL1", smoothL1, [parameter("beta", 1)]),
  info("log_cosh", "logCosh", logCosh, []),
  info("quantile", "quantile", quantile, [parameter("tau", 0.5)]),
  info("mape", "meanAbsolutePercentageError", meanAbsolutePercentageError, [EPS]),
  info("msle", "meanSquaredLogarithmicError", meanSquaredLogarithmicError, [EPS]),
  info("hinge", "hinge", hinge, [LABELS]),
  info("squared_hinge", "squaredHinge", squaredHinge, [LABELS]),
  info("categorical_hinge", "categoricalHinge", categoricalHinge, []),
  info("poisson_nll", "poissonNll", poissonNll, [parameter("log_input", true), FULL, parameter("eps", 1e-8)]),
  info("gaussian_nll", "gaussianNll", gaussianNll, [FULL, parameter("eps", 1e-6)]),
  info("kl_div", "klDivergence", klDivergence, [parameter("log_target", false)]),
  info("cosine", "cosine", cosine, [choice("form", "distance", "neg_similarity")]),
  info("dice", "dice", dice, SMOOTH),
  info("tversky", "tversky", tversky, [parameter("alpha", 0.5), parameter("beta", 0.5), ...SMOOTH]),
  info("log_loss_eps", "logLossEps", logLossEps, [EPS]),
  info("categorical_focal_keras", "categoricalFocalKeras", categoricalFocalKeras, [
    parameter("from_logits", false),
    GAMMA,
    parameter("alpha", 0.25, "numbers"),
    EPS,
  ]),
  info("generalized_kl", "generalizedKl", generalizedKl, []),
];

function info(
  id: LossInfo["id"],
  factory: string,
  make: (options: Record<string, unknown>) => Loss,
  parameters: readonly ParameterInfo[],
): LossInfo {
  const create = (options: Readonly<Record<string, unknown>>): Loss =>
    make(id.endsWith("_logits") ? { ...options, fromLogits: true } : options);
  const { unit, target, decomposable } = create({});
  return { id, factory, unit, target, decomposable, parameters, create };
}

function parameter(
  name: string,
  value: number | boolean | string | null,
  kind: ParameterInfo["kind"] = typeof value as "number" | "boolean",
): ParameterInfo {
  return { name, kind, default: value };
}

function choice(name: string, ...choices: readonly string[]): ParameterInfo {
  return { ...parameter(name, choices[0]!, "choice"), choices };
}
