import { balancedBinaryCrossEntropy } from "../losses/balanced-binary-cross-entropy.ts";
import { binaryCrossEntropy } from "../losses/binary-cross-entropy.ts";
import { categoricalCrossEntropy } from "../losses/categorical-cross-entropy.ts";
import { focal } from "../losses/focal.ts";
import { huber } from "../losses/huber.ts";
import { meanAbsoluteError } from "../losses/mean-absolute-error.ts";
import { meanSquaredError } from "../losses/mean-squared-error.ts";
import { smoothL1 } from "../losses/smooth-l1.ts";
import { softmaxFocal } from "../losses/softmax-focal.ts";
import { sparseCategoricalCrossEntropy } from "../losses/sparse-categorical-cross-entropy.ts";
import type { LossInfo } from "./loss-info.ts";
import type { ParameterInfo } from "./parameter-info.ts";

const LABEL_SMOOTHING = number(
  "label_smoothing",
  0,
  "share of each target that is spread over all answers, 0 to 1",
);
const EPS = number("eps", 1e-7, "how close to 0 and 1 a probability may come");
const CLASS_WEIGHT: ParameterInfo = {
  name: "class_weight",
  kind: "numbers",
  default: null,
  about: "one factor from 0 for each class",
};
const IGNORE_INDEX: ParameterInfo = {
  name: "ignore_index",
  kind: "integer",
  default: null,
  about: "rows with this label are left out of every sum and denominator",
};
const GAMMA = number("gamma", 2, "how much less easy examples count; 0 is the cross-entropy");

/** Every loss, in the order of the documentation: its id, formula, parameters and how to make it. */
export const LOSSES: readonly LossInfo[] = [
  {
    id: "bce",
    factory: "binaryCrossEntropy",
    formula: "-t ln p - (1 - t) ln(1 - p)",
    unit: "element",
    target: "probability",
    decomposable: true,
    parameters: [
      LABEL_SMOOTHING,
      convention("exact", "torch", "keras"),
      EPS,
      number("clamp_log", -100, "convention torch: logarithms are held at this or above"),
      number(
        "grad_eps",
        Math.fround(1e-12),
        "convention torch: the gradient's denominator is held at this or above",
      ),
    ],
    create: (options) => binaryCrossEntropy({ ...options, fromLogits: false }),
  },
  {
    id: "bce_logits",
    factory: "binaryCrossEntropy",
    formula: "pos_weight t softplus(-x) + (1 - t) softplus(x)",
    unit: "element",
    target: "probability",
    decomposable: true,
    parameters: [
      LABEL_SMOOTHING,
      {
        name: "pos_weight",
        kind: "numbers",
        default: null,
        about: "factor of the positive part, one for all or one a column",
      },
    ],
    create: (options) => binaryCrossEntropy({ ...options, fromLogits: true }),
  },
  ...[false, true].map((fromLogits): LossInfo => ({
    id: fromLogits ? "balanced_bce_logits" : "balanced_bce",
    factory: "balancedBinaryCrossEntropy",
    formula: fromLogits
      ? "beta t softplus(-x) + (1 - beta) (1 - t) softplus(x)"
      : "-beta t ln p - (1 - beta) (1 - t) ln(1 - p)",
    unit: "element",
    target: "probability",
    decomposable: false,
    parameters: [
      {
        name: "beta",
        kind: "number",
        default: "batch",
        choices: ["batch"],
        about: "factor of the positive part, 0 to 1; batch: negatives / all",
      },
    ],
    create: (options) => balancedBinaryCrossEntropy({ ...options, fromLogits }),
  })),
  ...[false, true].map((fromLogits): LossInfo => ({
    id: fromLogits ? "focal_logits" : "focal",
    factory: "focal",
    formula: fromLogits
      ? "a (1 - p_t)^gamma bce, p = sigmoid(x), p_t = p t + (1 - p)(1 - t), a = alpha t + (1 - alpha)(1 - t)"
      : "a (1 - p_t)^gamma bce, p_t = p t + (1 - p)(1 - t), a = alpha t + (1 - alpha)(1 - t)",
    unit: "element",
    target: "probability",
    decomposable: true,
    parameters: [
      GAMMA,
      number("alpha", -1, "factor of positives, 1 - alpha that of negatives; below 0: off"),
      ...(fromLogits ? [] : [convention("exact", "keras"), EPS]),
    ],
    create: (options) => focal({ ...options, fromLogits }),
  })),
  {
    id: "focal_softmax",
    factory: "softmaxFocal",
    formula: "-alpha_t (1 - p_t)^gamma ln p_t, p = softmax(x)",
    unit: "row",
    target: "label",
    decomposable: true,
    parameters: [
      GAMMA,
      { name: "alpha", kind: "numbers", default: null, about: "factor of every row, or one a class" },
    ],
    create: (options) => softmaxFocal(options),
  },
  ...[false, true].map((fromLogits): LossInfo => ({
    id: fromLogits ? "cce_logits" : "cce",
    factory: "categoricalCrossEntropy",
    formula: `-sum over c of w_c t_c ln p_c${fromLogits ? ", p = softmax(x)" : ""}`,
    unit: "row",
    target: "distribution",
    decomposable: true,
    parameters: [
      CLASS_WEIGHT,
      LABEL_SMOOTHING,
      ...(fromLogits ? [] : [convention("exact", "torch", "keras", "keras_tf"), EPS]),
    ],
    create: (options) => categoricalCrossEntropy({ ...options, fromLogits }),
  })),
  ...[false, true].map((fromLogits): LossInfo => ({
    id: fromLogits ? "scce_logits" : "scce",
    factory: "sparseCategoricalCrossEntropy",
    formula: `-w_t ln p_t${fromLogits ? ", p = softmax(x)" : ""}; the mean divides by the sum of w_t`,
    unit: "row",
    target: "label",
    decomposable: true,
    parameters: [
      CLASS_WEIGHT,
      IGNORE_INDEX,
      LABEL_SMOOTHING,
      ...(fromLogits ? [] : [convention("exact", "torch", "keras", "keras_tf"), EPS]),
    ],
    create: (options) => sparseCategoricalCrossEntropy({ ...options, fromLogits }),
  })),
  {
    id: "mse",
    factory: "meanSquaredError",
    formula: "d^2",
    unit: "element",
    target: "real",
    decomposable: true,
    parameters: [],
    create: (options) => meanSquaredError(options),
  },
  {
    id: "mae",
    factory: "meanAbsoluteError",
    formula: "|d|",
    unit: "element",
    target: "real",
    decomposable: true,
    parameters: [],
    create: (options) => meanAbsoluteError(options),
  },
  {
    id: "huber",
    factory: "huber",
    formula: "d^2 / 2 for |d| <= delta, else delta (|d| - delta / 2)",
    unit: "element",
    target: "real",
    decomposable: true,
    parameters: [number("delta", 1, "where the parabola meets the straight lines, above 0")],
    create: (options) => huber(options),
  },
  {
    id: "smooth_l1",
    factory: "smoothL1",
    formula: "d^2 / (2 beta) for |d| < beta, else |d| - beta / 2",
    unit: "element",
    target: "real",
    decomposable: true,
    parameters: [number("beta", 1, "where the parabola meets the straight lines; 0 is the absolute error")],
    create: (options) => smoothL1(options),
  },
];

function number(name: string, value: number, about: string): ParameterInfo {
  return { name, kind: "number", default: value, about };
}

function convention(...choices: readonly string[]): ParameterInfo {
  return {
    name: "convention",
    kind: "choice",
    default: "exact",
    choices,
    about: "whose arithmetic near 0 and 1",
  };
}
