import { refuse } from "../input/refuse.ts";
import type { LossId } from "../loss.ts";
import type { LossInfo } from "./loss-info.ts";
import type { ParameterInfo } from "./parameter-info.ts";

/** A parameter with what it means. */
export interface DescribedParameter extends ParameterInfo {
  readonly about: string;
}

/** A loss with its formula and what its parameters mean. */
export interface DescribedLoss extends LossInfo {
  /** t the target, p a probability, x any other prediction, d = x - t, C the number of classes. */
  readonly formula: string;
  readonly parameters: readonly DescribedParameter[];
}

/**
 * Adds to what is known of a loss its formula and what its parameters mean.
 * @throws LF_BAD_PARAMETER for what is no entry of LOSSES, such as an id alone.
 */
export function describeLoss(loss: LossInfo): DescribedLoss {
  const { id, factory, ...info } = (loss as LossInfo | undefined) ?? ({} as LossInfo);
  if (!Object.hasOwn(TEXTS, id) || !("parameters" in info))
    refuse(
      "LF_BAD_PARAMETER",
      "loss to describe",
      JSON.stringify(loss),
      "an entry of LOSSES, as lossInfo(id) gives it",
    );
  const [formula, abouts = {}] = TEXTS[id];
  const parameters = info.parameters.map((parameter) => ({
    ...parameter,
    about: abouts[parameter.name] ?? ABOUTS[parameter.name]!,
  }));
  return { id, factory, formula, ...info, parameters };
}

const OF_SIGMOID = ", p = 1 / (1 + e^-x)";
const OF_SOFTMAX = ", p = softmax x";
const BCE = "-t ln p - (1 - t) ln(1 - p)";
const BALANCED = "-beta t ln p - (1 - beta)(1 - t) ln(1 - p)";
const FOCAL = "a (1 - p_t)^gamma bce, p_t = p t + (1 - p)(1 - t), a = alpha t + (1 - alpha)(1 - t)";
const CCE = "-sum of w_c t_c ln p_c";
const SCCE = "-w_t ln p_t";
const SCCE_MEAN = "; mean: over the sum of w_t";
const ALPHA = { alpha: "factor of positives, 1 - alpha of negatives; below 0: off" };
const BETA = { beta: "factor of the positive part; batch: negatives / all" };
const MEETING = "where parabola and lines meet";

/** What parameters mean in most losses that have them. */
const ABOUTS: Readonly<Record<string, string>> = {
  label_smoothing: "share spread over all, 0 to 1",
  convention: "whose arithmetic near 0 and 1",
  eps: "how close to 0 and 1 a probability may come",
  clamp_log: "torch: least logarithm",
  grad_eps: "torch: least denominator",
  pos_weight: "factor of positives, or one a column",
  class_weight: "factor of each class",
  ignore_index: "label to leave out",
  gamma: "how much less easy examples count",
  full: "adds constant terms",
  smooth_num: "added above",
  smooth_den: "added below",
  labels: "-1 and 1, or 0 and 1; auto: 0 and 1 where none is -1",
};

/** The formula of each loss, and what its own parameters mean. */
const TEXTS: Readonly<Record<LossId, readonly [formula: string, abouts?: Readonly<Record<string, string>>]>> =
  {
    bce: [BCE],
    bce_logits: [BCE + OF_SIGMOID],
    balanced_bce: [BALANCED, BETA],
    balanced_bce_logits: [BALANCED + OF_SIGMOID, BETA],
    focal: [FOCAL, ALPHA],
    focal_logits: [FOCAL + OF_SIGMOID, ALPHA],
    focal_softmax: [
      `-alpha_t (1 - p_t)^gamma ln p_t${OF_SOFTMAX}`,
      { alpha: "factor of every row, or one a class" },
    ],
    cce: [CCE],
    cce_logits: [CCE + OF_SOFTMAX],
    scce: [SCCE + SCCE_MEAN],
    scce_logits: [SCCE + OF_SOFTMAX + SCCE_MEAN],
    mse: ["d^2"],
    mae: ["|d|"],
    huber: ["d^2 / 2 for |d| <= delta, else delta (|d| - delta / 2)", { delta: MEETING }],
    smooth_l1: ["d^2 / (2 beta) for |d| < beta, else |d| - beta / 2", { beta: MEETING }],
    log_cosh: ["ln cosh d"],
    quantile: ["max(tau (t - x), (tau - 1)(t - x))", { tau: "quantile to predict" }],
    mape: ["100 |d| / max(|t|, eps)", { eps: "least |t|" }],
    msle: ["(ln(1 + x) - ln(1 + t))^2", { eps: "least x and t" }],
    hinge: ["max(0, 1 - t x)"],
    squared_hinge: ["max(0, 1 - t x)^2"],
    categorical_hinge: ["max(0, 1 + max of (1 - t_c) x_c - sum of t_c x_c)"],
    poisson_nll: [
      "e^x - t x; from rates x - t ln(x + eps)",
      { log_input: "predictions are logarithms", eps: "added to rates" },
    ],
    gaussian_nll: ["(ln v + d^2 / v) / 2, v the variance", { eps: "least variance" }],
    kl_div: ["t (ln t - x), x = ln p", { log_target: "targets are logarithms" }],
    cosine: ["1 - cos(x, t), or -cos(x, t)", { form: "1 - cos, or -cos" }],
    dice: ["1 - (2 I + smooth_num) / (P + T + smooth_den), I = sum of p t"],
    tversky: [
      "1 - (TP + smooth_num) / (TP + alpha FP + beta FN + smooth_den)",
      { alpha: "factor of false positives", beta: "factor of false negatives" },
    ],
    log_loss_eps: ["-t ln(p + eps) - (1 - t) ln(1 - p + eps)", { eps: "added inside both logarithms" }],
    categorical_focal_keras: [
      "-sum of alpha_c (1 - q_c)^gamma t_c ln q_c, q = p / sum of p, held within [eps, 1 - eps]",
      { from_logits: "predictions are logits", alpha: "factor of every class, or one a class" },
    ],
    generalized_kl: ["sum of t_c (ln t_c - x_c) + e^x_c - t_c, x = ln p"],
  };
