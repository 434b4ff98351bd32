import { productError } from "../sum/product-error.ts";
import { sumError } from "../sum/sum-error.ts";
import { arrangeLabels } from "../input/arrange-rows.ts";
import { checkLabels } from "../input/check-labels.ts";
import type { Loss, LossColumns, Reduction } from "../loss.ts";
import type { LossOptions } from "./assemble-loss.ts";
import type { Kernel } from "./kernel.ts";
import { lossFromKernel } from "./loss-from-kernel.ts";
import { part } from "./part.ts";
import { powerOfPair } from "./power-of-pair.ts";
import { largestLogit, shiftedPairs } from "./softmax.ts";
import { withClassWeights } from "./with-class-weights.ts";

/** Options of {@link softmaxFocal}. */
export interface SoftmaxFocalOptions {
  /** How much less easy rows count; from 0, which is the cross-entropy. Default 2. */
  readonly gamma?: number;
  /** A factor for every row, or one for each class. Default none. */
  readonly alpha?: number | ArrayLike<number> | null;
}

/**
 * Makes the focal loss of rows of C logits, the target being the class's number y, from 0:
 * l = a_y q^gamma n, with n = -ln p_y and q = 1 - p_y for the row's soft-max p; one loss a row. Id `focal_softmax`.
 *
 * q is the sum of the other classes' p, never a difference. Gradient, for the label's logit and for another's:
 * -a_y q^gamma (gamma n p_y + q) and a_y q^gamma (gamma n p_y / q + 1) p_j, where n / q goes to 1 as q goes to 0.
 * The mean divides by the number of rows. Source: arXiv:1708.02002.
 * Predictions are N x C, or N x C x d1 x ... with the classes first; labels are N, or N x d1 x ...; losses are in
 * nats. NaN stays in its own row; of an empty batch the sum is 0 and the mean NaN; arrays that come back are the
 * caller's.
 * @throws LF_BAD_PARAMETER; on use LF_LABEL_OUT_OF_RANGE.
 */
export function softmaxFocal<R extends Reduction = "mean">(
  options?: (SoftmaxFocalOptions & LossOptions<R>) | null,
): Loss<R> {
  return lossFromKernel(
    ({ gamma, alpha = null }: SoftmaxFocalOptions) =>
      typeof alpha === "object" && alpha
        ? withClassWeights("alpha", alpha, (alphas) =>
            softmaxFocalKernel({ gamma }, (label) => alphas![label] ?? 1),
          )
        : softmaxFocalKernel({ gamma, alpha }),
    arrangeLabels,
    options,
  );
}

/** Options of a kernel for which all classes are alike. */
export interface SoftmaxFocalKernelOptions {
  /** As in {@link SoftmaxFocalOptions}. Default 2. */
  readonly gamma?: number | undefined;
  /** A factor for every row. Default none. */
  readonly alpha?: number | null;
}

/** Reads the options of {@link softmaxFocal} but for lists, whose factors `alphaOf` gives. */
export function softmaxFocalKernel(
  { gamma = 2, alpha = null }: SoftmaxFocalKernelOptions,
  alphaOf: (label: number) => number = () => alpha ?? 1,
): Kernel {
  return {
    id: "focal_softmax",
    rules: { gamma: [gamma, 0], alpha: alpha === null ? [alpha, alpha] : [alpha, 0] },
    target: "label",
    check: checkLabels,
    evaluate: (columns, out) => walk(columns, out, false, gamma, alphaOf),
    differentiate: (columns, out) => walk(columns, out, true, gamma, alphaOf),
  };
}

function walk(
  { prediction, target, rows, classes }: LossColumns,
  out: Float64Array,
  isSlope: boolean,
  gamma: number,
  alphaOf: (label: number) => number,
): void {
  const e = new Float64Array(classes + 1);
  const rests = new Float64Array(classes + 1);
  for (let r = 0; r < rows; r++) {
    const at = r * classes;
    const label = target[r]!;
    const m = largestLogit(prediction, at, classes);
    shiftedPairs(prediction, at, classes, m, e, rests);
    const sum = e[classes]!;
    const sumRest = rests[classes]!;
    const x = prediction[at + label]!;
    const total = 1 + (sum + sumRest);
    const right = (e[label]! + rests[label]!) / total;
    const d = 1 + sum;
    writeComplement(e, rests, label, d, sum, sumRest, m === x);
    const wrong = e[label]!;
    const wrongRest = rests[label]!;
    const log = Math.log1p(sum);
    const gap = m === x ? 0 : m - x;
    const entropy = gap + log;
    const factor = alphaOf(label);
    if (!isSlope) {
      // No number where logits are infinite, and then left out.
      const lost = sumError(gap, log, entropy) + sumError(m, -x, gap);
      const loss = powerOfPair(wrong, wrongRest, gamma, entropy, lost + sumRest / d);
      out[r] = part(factor, label === label ? loss : label);
      continue;
    }
    const pull = right && gamma * entropy * right;
    const pullRest = (gamma * right * sumRest) / d;
    const other = wrong && (pull + pullRest) / (wrong + wrongRest);
    for (let c = 0; c < classes; c++) {
      const slope = c === label ? -(pull + wrong) : (other + 1) * ((e[c]! + rests[c]!) / total);
      out[at + c] =
        factor * powerOfPair(wrong, wrongRest, gamma, slope, c === label ? -wrongRest - pullRest : 0);
    }
  }
}

/** Writes 1 - p of a label in the place of its e, as the sum of two doubles; d is 1 + sum. */
function writeComplement(
  e: Float64Array,
  rests: Float64Array,
  label: number,
  d: number,
  sum: number,
  sumRest: number,
  isLargest: boolean,
): void {
  const dRest = 1 - d + sum + sumRest;
  const a = isLargest ? sum : d - e[label]!;
  const aRest = isLargest ? sumRest : sumError(d, -e[label]!, a) + dRest - rests[label]!;
  const quotient = a / d;
  const product = quotient * d;
  e[label] = quotient;
  // The smallest numbers' products have no error that could be kept.
  rests[label] =
    a < 1e-280 ? aRest : (a - product - productError(quotient, d, product) + aRest - quotient * dRest) / d;
}
