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
import { camelCase } from "./camel-case.ts";
import type { LossInfo } from "./loss-info.ts";
import type { ParameterInfo } from "./parameter-info.ts";

/** Every loss: its id, how to make it, and which conventions it has. */
export const LOSSES: readonly LossInfo[] = [
  info("bce", binaryCrossEntropy, "binaryCrossEntropy", ["exact", "torch", "keras"]),
  info("bce_logits", binaryCrossEntropy, "binaryCrossEntropy"),
  info("balanced_bce", balancedBinaryCrossEntropy, "balancedBinaryCrossEntropy"),
  info("balanced_bce_logits", balancedBinaryCrossEntropy, "balancedBinaryCrossEntropy"),
  info("focal", focal, "focal", ["exact", "keras"]),
  info("focal_logits", focal, "focal"),
  info("focal_softmax", softmaxFocal, "softmaxFocal"),
  info("cce", categoricalCrossEntropy, "categoricalCrossEntropy"),
  info("cce_logits", categoricalCrossEntropy, "categoricalCrossEntropy"),
  info("scce", sparseCategoricalCrossEntropy, "sparseCategoricalCrossEntropy"),
  info("scce_logits", sparseCategoricalCrossEntropy, "sparseCategoricalCrossEntropy"),
  info("mse", meanSquaredError, "meanSquaredError"),
  info("mae", meanAbsoluteError, "meanAbsoluteError"),
  info("huber", huber),
  info("smooth_l1", smoothL1),
  info("log_cosh", logCosh),
  info("quantile", quantile),
  info("mape", meanAbsolutePercentageError, "meanAbsolutePercentageError"),
  info("msle", meanSquaredLogarithmicError, "meanSquaredLogarithmicError"),
  info("hinge", hinge),
  info("squared_hinge", squaredHinge),
  info("categorical_hinge", categoricalHinge),
  info("poisson_nll", poissonNll),
  info("gaussian_nll", gaussianNll),
  info("kl_div", klDivergence, "klDivergence"),
  info("cosine", cosine),
  info("dice", dice),
  info("tversky", tversky),
  info("log_loss_eps", logLossEps),
  info("categorical_focal_keras", categoricalFocalKeras),
  info("generalized_kl", generalizedKl),
];

/** Parameters are those that a loss of no options has resolved. */
function info(
  id: LossInfo["id"],
  make: (options: Record<string, unknown>) => Loss,
  factory: string = camelCase(id),
  conventions: readonly string[] = ["exact", "torch", "keras", "keras_tf"],
): LossInfo {
  const create = (options: Readonly<Record<string, unknown>>): Loss =>
    make(id.endsWith("_logits") ? { ...options, fromLogits: true } : options);
  const { unit, target, decomposable, params } = create({});
  const parameters = Object.entries(params as Record<string, ParameterInfo["default"]>).map(
    ([name, value]): ParameterInfo => {
      const choices = {
        exact: conventions,
        pm1: ["pm1", "01", "auto"],
        distance: ["distance", "neg_similarity"],
        batch: ["batch"],
      }[`${value}`];
      // Rows have an alpha for each class, and what is null by default is a list as well, but for a label.
      const kind =
        name === "ignore_index"
          ? "integer"
          : value === null || (name === "alpha" && unit === "row")
            ? "numbers"
            : name === "beta"
              ? "number"
              : choices
                ? "choice"
                : (typeof value as "number" | "boolean");
      return { name, kind, default: value, ...(choices && { choices }) };
    },
  );
  return { id, factory, unit, target, decomposable, parameters, create };
}
