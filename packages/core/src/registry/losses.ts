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

const BCE = "-t ln p - (1 - t) ln(1 - p)";
const FOCAL = "a (1 - p_t)^gamma bce, p_t = p t + (1 - p)(1 - t), a = alpha t + (1 - alpha)(1 - t)";
const CCE = "-sum of w_c t_c ln p_c";
const SCCE = "-w_t ln p_t; mean: over the sum of w_t";
const OF_SIGMOID = ", p = 1 / (1 + e^-x)";
const OF_SOFTMAX = ", p = softmax x";

const SMOOTHING = number("label_smoothing", 0, "share spread over all, 0 to 1");
const EPS = number("eps", 1e-7, "how close to 0 and 1 a probability may come");
const CLASS_WEIGHT = numbers("class_weight", null, "factor of each class");
const IGNORE_INDEX: ParameterInfo = {
  name: "ignore_index",
  kind: "integer",
  default: null,
  about: "label to leave out",
};
const GAMMA = number("gamma", 2, "how much less easy examples count");
const BETA_BALANCE: ParameterInfo = {
  ...number("beta", "batch", "factor of the positive part; batch: negatives / all"),
  choices: ["batch"],
};
const FULL = flag("full", false, "adds constant terms");
const SMOOTH = [number("smooth_num", 1, "added above"), number("smooth_den", 1, "added below")];
const LABELS = choice("labels", "targets are -1 and 1, or 0 and 1", "pm1", "01");
const BY_CONVENTION = [convention("exact", "torch", "keras", "keras_tf"), EPS];

/** Every loss: its id, formula, parameters and how to make it. */
export const LOSSES: readonly LossInfo[] = [
  info("bce", "binaryCrossEntropy", "probability", BCE, binaryCrossEntropy, [
    SMOOTHING,
    convention("exact", "torch", "keras"),
    EPS,
    number("clamp_log", -100, "torch: least logarithm"),
    number("grad_eps", Math.fround(1e-12), "torch: least denominator"),
  ]),
  info("bce_logits", "binaryCrossEntropy", "probability", BCE + OF_SIGMOID, binaryCrossEntropy, [
    SMOOTHING,
    numbers("pos_weight", null, "factor of positives, or one a column"),
  ]),
  ...["", "_logits"].map((logits) =>
    info(
      `balanced_bce${logits}` as "balanced_bce",
      "balancedBinaryCrossEntropy",
      "probability",
      `-beta t ln p - (1 - beta)(1 - t) ln(1 - p)${logits && OF_SIGMOID}`,
      balancedBinaryCrossEntropy,
      [BETA_BALANCE],
    ),
  ),
  info("focal", "focal", "probability", FOCAL, focal, [
    GAMMA,
    number("alpha", -1, "factor of positives, 1 - alpha of negatives; below 0: off"),
    convention("exact", "keras"),
    EPS,
  ]),
  info("focal_logits", "focal", "probability", FOCAL + OF_SIGMOID, focal, [
    GAMMA,
    number("alpha", -1, "factor of positives, 1 - alpha of negatives; below 0: off"),
  ]),
  info(
    "focal_softmax",
    "softmaxFocal",
    "label",
    `-alpha_t (1 - p_t)^gamma ln p_t${OF_SOFTMAX}`,
    softmaxFocal,
    [GAMMA, numbers("alpha", null, "factor of every row, or one a class")],
  ),
  info("cce", "categoricalCrossEntropy", "distribution", CCE, categoricalCrossEntropy, [
    CLASS_WEIGHT,
    SMOOTHING,
    ...BY_CONVENTION,
  ]),
  info("cce_logits", "categoricalCrossEntropy", "distribution", CCE + OF_SOFTMAX, categoricalCrossEntropy, [
    CLASS_WEIGHT,
    SMOOTHING,
  ]),
  info("scce", "sparseCategoricalCrossEntropy", "label", SCCE, sparseCategoricalCrossEntropy, [
    CLASS_WEIGHT,
    IGNORE_INDEX,
    SMOOTHING,
    ...BY_CONVENTION,
  ]),
  info(
    "scce_logits",
    "sparseCategoricalCrossEntropy",
    "label",
    SCCE + OF_SOFTMAX,
    sparseCategoricalCrossEntropy,
    [CLASS_WEIGHT, IGNORE_INDEX, SMOOTHING],
  ),
  info("mse", "meanSquaredError", "real", "d^2", meanSquaredError, []),
  info("mae", "meanAbsoluteError", "real", "|d|", meanAbsoluteError, []),
  info("huber", "huber", "real", "d^2 / 2 for |d| <= delta, else delta (|d| - delta / 2)", huber, [
    number("delta", 1, "where parabola and lines meet"),
  ]),
  info("smooth_l1", "smoothL1", "real", "d^2 / (2 beta) for |d| < beta, else |d| - beta / 2", smoothL1, [
    number("beta", 1, "where parabola and lines meet"),
  ]),
  info("log_cosh", "logCosh", "real", "ln cosh d", logCosh, []),
  info("quantile", "quantile", "real", "max(tau (t - x), (tau - 1)(t - x))", quantile, [
    number("tau", 0.5, "quantile to predict"),
  ]),
  info(
    "mape",
    "meanAbsolutePercentageError",
    "real",
    "100 |d| / max(|t|, eps)",
    meanAbsolutePercentageError,
    [number("eps", 1e-7, "least |t|")],
  ),
  info(
    "msle",
    "meanSquaredLogarithmicError",
    "real",
    "(ln(1 + x) - ln(1 + t))^2",
    meanSquaredLogarithmicError,
    [number("eps", 1e-7, "least x and t")],
  ),
  info("hinge", "hinge", "sign", "max(0, 1 - t x)", hinge, [LABELS]),
  info("squared_hinge", "squaredHinge", "sign", "max(0, 1 - t x)^2", squaredHinge, [LABELS]),
  info(
    "categorical_hinge",
    "categoricalHinge",
    "distribution",
    "max(0, 1 + max of (1 - t_c) x_c - sum of t_c x_c)",
    categoricalHinge,
    [],
  ),
  info("poisson_nll", "poissonNll", "real", "e^x - t x; from rates x - t ln(x + eps)", poissonNll, [
    flag("log_input", true, "predictions are logarithms"),
    FULL,
    number("eps", 1e-8, "added to rates"),
  ]),
  info("gaussian_nll", "gaussianNll", "real", "(ln v + d^2 / v) / 2, v the variance", gaussianNll, [
    FULL,
    number("eps", 1e-6, "least variance"),
  ]),
  info("kl_div", "klDivergence", "probability", "t (ln t - x), x = ln p", klDivergence, [
    flag("log_target", false, "targets are logarithms"),
  ]),
  info("cosine", "cosine", "vector", "1 - cos(x, t), or -cos(x, t)", cosine, [
    choice("form", "1 - cos, or -cos", "distance", "neg_similarity"),
  ]),
  info(
    "dice",
    "dice",
    "probability",
    "1 - (2 I + smooth_num) / (P + T + smooth_den), I = sum of p t",
    dice,
    SMOOTH,
  ),
  info(
    "tversky",
    "tversky",
    "probability",
    "1 - (TP + smooth_num) / (TP + alpha FP + beta FN + smooth_den)",
    tversky,
    [
      number("alpha", 0.5, "factor of false positives"),
      number("beta", 0.5, "factor of false negatives"),
      ...SMOOTH,
    ],
  ),
  info("log_loss_eps", "logLossEps", "probability", "-t ln(p + eps) - (1 - t) ln(1 - p + eps)", logLossEps, [
    number("eps", 1e-7, "added inside both logarithms"),
  ]),
  info(
    "categorical_focal_keras",
    "categoricalFocalKeras",
    "distribution",
    "-sum of alpha_c (1 - q_c)^gamma t_c ln q_c, q = p / sum of p, held within [eps, 1 - eps]",
    categoricalFocalKeras,
    [
      flag("from_logits", false, "predictions are logits"),
      GAMMA,
      numbers("alpha", 0.25, "factor of every class, or one a class"),
      EPS,
    ],
  ),
  info(
    "generalized_kl",
    "generalizedKl",
    "vector",
    "sum of t_c (ln t_c - x_c) + e^x_c - t_c, x = ln p",
    generalizedKl,
    [],
  ),
];

function info(
  id: LossInfo["id"],
  factory: string,
  target: LossInfo["target"],
  formula: string,
  make: (options: Record<string, unknown>) => Loss,
  parameters: readonly ParameterInfo[],
): LossInfo {
  const create = (options: Readonly<Record<string, unknown>>): Loss =>
    make(id.endsWith("_logits") ? { ...options, fromLogits: true } : options);
  const { unit, decomposable } = create({});
  return { id, factory, formula, unit, target, decomposable, parameters, create };
}

function number(name: string, value: number | string, about: string): ParameterInfo {
  return { name, kind: "number", default: value, about };
}

function numbers(name: string, value: number | null, about: string): ParameterInfo {
  return { name, kind: "numbers", default: value, about };
}

function flag(name: string, value: boolean, about: string): ParameterInfo {
  return { name, kind: "boolean", default: value, about };
}

function choice(name: string, about: string, ...choices: readonly string[]): ParameterInfo {
  return { name, kind: "choice", default: choices[0]!, choices, about };
}

function convention(...choices: readonly string[]): ParameterInfo {
  return choice("convention", "whose arithmetic near 0 and 1", ...choices);
}
