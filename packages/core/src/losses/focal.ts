import { arrangeElements } from "../input/arrange-elements.ts";
import type { WeighedColumns } from "../input/arrangement.ts";
import { checkProbabilities, checkTargets } from "../input/check-probabilities.ts";
import type { Loss, LossColumns, Reduction } from "../loss.ts";
import { productError } from "../sum/product-error.ts";
import { sumError } from "../sum/sum-error.ts";
import type { ElementwiseOptions } from "./assemble-loss.ts";
import { toExponentialPairs } from "./exponential-pairs.ts";
import type { Kernel } from "./kernel.ts";
import { lossFromKernel } from "./loss-from-kernel.ts";
import type { Rules } from "./parameters.ts";
import { part } from "./part.ts";
import { powerOfPair } from "./power-of-pair.ts";
import { writeProducts } from "./write-products.ts";

/** Options of {@link focal}. */
export interface FocalOptions {
  /** Predictions are logits, not probabilities: id `focal_logits` instead of `focal`. Default false. */
  readonly fromLogits?: boolean;
  /** How much less easy examples count; from 0, which is the cross-entropy. Default 2. */
  readonly gamma?: number;
  /** The factor of positives, 1 - alpha that of negatives, up to 1; below 0 (default -1) there is none. */
  readonly alpha?: number;
  /** With probabilities: "keras" holds those of the logarithms within [eps, 1 - eps], not those of the power. Default "exact". */
  readonly convention?: "exact" | "keras";
  /** Convention keras: how close to 0 and 1 a probability may come. Default 1e-7. */
  readonly eps?: number;
}

/**
 * Makes the focal loss, the cross-entropy of yes-or-no questions in which easy examples count less:
 *
 *     l = a (1 - p_t)^gamma (-t ln p - (1 - t) ln(1 - p)),    p_t = p t + (1 - p) (1 - t),    a = alpha t + (1 - alpha) (1 - t)
 *
 * With a hard label it is one function of z = x for t = 0, of z = -x for t = 1 (x the logit):
 * l = a sigmoid(z)^gamma softplus(z), and dl/dz = a sigmoid(z)^gamma (gamma sigmoid(-z) softplus(z) + sigmoid(z)): every
 * factor and term >= 0. From probabilities, with q the probability of the wrong answer, 1 - q that of the right one:
 * l = a q^gamma (-ln(1 - q)), dl/dq = a q^gamma (gamma (-ln(1 - q)) / q + 1 / (1 - q)). Ids `focal` and `focal_logits`.
 * A power multiplies the rounding of its base, so 1 - p_t is kept as a pair of doubles: losses lie within 3 units in the
 * last place of the exact value, with alpha within 4.
 *
 * The mean divides by the number of elements (the paper divides by the number of positives: use "sum").
 * Source: arXiv:1708.02002.
 * @throws LF_BAD_PARAMETER; on use LF_PROBABILITY_OUT_OF_RANGE for predictions or targets outside [0, 1].
 */
export function focal<R extends Reduction = "mean">(
  options?: (FocalOptions & ElementwiseOptions<R>) | null,
): Loss<R> {
  return lossFromKernel(
    (given: FocalOptions) => (given.fromLogits ? focalLogitsKernel : focalKernel)(given),
    arrangeElements,
    options,
  );
}

/** Reads the options of {@link focal}, from probabilities. */
export function focalKernel({
  gamma = 2,
  alpha = -1,
  convention = "exact",
  eps = 1e-7,
}: FocalOptions): Kernel {
  const rules = { convention: [convention, "exact", "keras"], eps: [eps, 0, 0.5] };
  const low = convention === "keras" ? eps : 0;
  const kernel = focalOf("focal", gamma, alpha, rules, {
    check: checkProbabilities,
    toPairs: (pairs, count) => ofProbabilities(pairs, count, low),
    toSlopes: slopesOfProbabilities,
  });
  return {
    ...kernel,
    differentiate(columns, out) {
      kernel.differentiate(columns, out);
      for (let i = 0; i < columns.rows; i++) {
        const p = columns.prediction[i]!;
        const t = columns.target[i]!;
        // The logarithms are constant there, and their power is not.
        if (p < low || p > 1 - low)
          out[i] = part(
            balanceOf(alpha, t),
            part(gamma, (p * (1 - t) + (1 - p) * t) ** (gamma - 1)) * ((1 - 2 * t) * heldEntropy(p, t, low)) +
              0,
          );
        else if (p > 0 && p < 1e-300 && Math.abs(out[i]!) === Infinity)
          // Next to 0 the slope is -t / p times factors that bring it back from beyond the largest number.
          out[i] = (balanceOf(alpha, t) * t ** gamma * -t) / p;
      }
    },
  };
}

/** Reads the options of {@link focal}, from logits. */
export function focalLogitsKernel({ gamma = 2, alpha = -1 }: FocalOptions): Kernel {
  const form = { check: checkTargets, toPairs: ofLogits, toSlopes: slopesOfLogits };
  return focalOf("focal_logits", gamma, alpha, {}, form);
}

/** What logits and probabilities do apart. */
interface Form {
  readonly check: (columns: WeighedColumns) => void;
  readonly toPairs: (pairs: Pairs, count: number) => void;
  /** Turns the factors into those of the derivative by x. */
  readonly toSlopes: (pairs: Pairs, count: number, gamma: number) => void;
}

function focalOf(
  id: "focal" | "focal_logits",
  gamma: number,
  alpha: number,
  rules: Rules,
  { check, toPairs, toSlopes }: Form,
): Kernel {
  return {
    id,
    rules: { gamma: [gamma, 0], alpha: [alpha, -Infinity, 1], ...rules },
    target: "probability",
    check,
    evaluate: (columns, out) => raise(columns, false, out),
    differentiate: (columns, out) => raise(columns, true, out),
  };

  /** Writes (1 - p_t)^gamma times its factor: the loss, or the slope. */
  function raise({ prediction, target, rows }: LossColumns, isSlope: boolean, out: Float64Array): void {
    const pairs = Array.from({ length: 7 }, () => new Float64Array(BLOCK)) as unknown as Pairs;
    const [x, t, base, baseRest, factor, factorRest] = pairs;
    for (let from = 0; from < rows; from += BLOCK) {
      const count = Math.min(BLOCK, rows - from);
      for (let i = 0; i < count; i++) {
        x[i] = prediction[from + i]!;
        t[i] = target[from + i]!;
      }
      toPairs(pairs, count);
      if (isSlope) toSlopes(pairs, count, gamma);
      for (let i = 0; i < count; i++) {
        const value = powerOfPair(base[i]!, baseRest[i]!, gamma, factor[i]!, factorRest[i]!);
        out[from + i] = part(balanceOf(alpha, t[i]!), value);
      }
    }
  }
}

/** The factor of positives and of negatives. */
function balanceOf(alpha: number, t: number): number {
  return alpha < 0 ? 1 : alpha * t + (1 - alpha) * (1 - t);
}

const BLOCK = 256;

/**
 * A block of elements: x, t; the base 1 - p_t and its factor, the cross-entropy, each as the sum of two doubles; from
 * logits s, the smaller of p and 1 - p.
 */
type Pairs = readonly [
  x: Float64Array,
  t: Float64Array,
  base: Float64Array,
  baseRest: Float64Array,
  factor: Float64Array,
  factorRest: Float64Array,
  s: Float64Array,
];

/**
 * With a = |x|, s = 1 / (1 + e^a) and u what the target gives to the answer that x speaks against (t for x < 0, 1 - t for
 * others): 1 - p_t = s (1 - u) + (1 - s) u, the cross-entropy a u + ln(1 + e^-a).
 */
function ofLogits([x, t, base, baseRest, factor, factorRest, small]: Pairs, count: number): void {
  for (let i = 0; i < count; i++) small[i] = -Math.abs(x[i]!);
  toExponentialPairs(small, baseRest, count);
  for (let i = 0; i < count; i++) {
    const a = Math.abs(x[i]!);
    const e = small[i]!;
    const eRest = baseRest[i]!;
    const d = 1 + e;
    const s = e / d;
    const r = 1 - s;
    // e - s d without error, and what the sum and the rests add to it.
    const sRest = (eRest - productError(s, d, e) - s * (1 - d + e + eRest)) * r;
    const f = Math.log1p(e);
    const fRest = eRest * r;
    const isBelow = x[i]! < 0;
    const y = t[i]!;
    small[i] = s;
    // Neither 0 nor 1. One question: random labels defeat the branch between two.
    if (y * y !== y) {
      const other = 1 - y;
      const otherRest = 1 - other - y;
      const u = isBelow ? y : other;
      const v = isBelow ? other : y;
      const uRest = isBelow ? 0 : otherRest;
      const rest = s * (otherRest - uRest) + r * uRest + sRest * v + (1 - r - s - sRest) * u;
      writeProducts(s, v, r, u, rest, base, baseRest, i);
      writeProducts(a, u, 1, f, a * uRest + fRest, factor, factorRest, i);
    } else if (isBelow === (y === 0)) {
      base[i] = s;
      baseRest[i] = sRest;
      factor[i] = f;
      factorRest[i] = fRest;
    } else {
      const sum = a + f;
      base[i] = r;
      baseRest[i] = 1 - r - s - sRest;
      factor[i] = sum;
      factorRest[i] = sumError(a, f, sum) + fRest;
    }
  }
}

/** The cross-entropy of a probability outside [low, 1 - low], which stands for the nearer end. */
function heldEntropy(p: number, t: number, low: number): number {
  const held = p < low ? low : 1 - low;
  return -t * Math.log(held) - (1 - t) * Math.log1p(-held);
}

/** Predictions that count as 0 become 0, as 1 / -0 is another infinity; with `low` their logarithms are held. */
function ofProbabilities(
  [x, t, base, baseRest, factor, factorRest]: Pairs,
  count: number,
  low: number,
): void {
  for (let i = 0; i < count; i++) {
    const p = (x[i] = x[i]! + 0);
    const y = t[i]!;
    const q = 1 - p;
    const qRest = 1 - q - p;
    const other = 1 - y;
    if (y * y === y) {
      // Chosen without a branch, which random labels would defeat. ln(1 - p) = ln q + rest / q, and there is a rest below p = 1/2
      // alone, where 1 / q is 1 + p + p^2 to within an eighth of it. Of the least p it would be half of all.
      base[i] = other * p + y * q;
      baseRest[i] = y * qRest;
      factor[i] =
        p < 1e-9 && other
          ? p + (p * p) / 2
          : 0 - Math.log(y * p + other * q) - other * qRest * (1 + p + p * p);
      factorRest[i] = 0;
    } else {
      const otherRest = 1 - other - y;
      const no = -Math.log1p(-p);
      writeProducts(p, other, q, y, p * otherRest + qRest * y, base, baseRest, i);
      writeProducts(y, -Math.log(p), other, no, otherRest * no, factor, factorRest, i);
    }
    if (p < low || p > 1 - low) {
      factor[i] = heldEntropy(p, y, low);
      factorRest[i] = 0;
    }
  }
}

function slopesOfLogits(
  [x, t, base, baseRest, factor, factorRest, small]: Pairs,
  count: number,
  gamma: number,
): void {
  for (let i = 0; i < count; i++) {
    const y = t[i]!;
    const w = base[i]!;
    const entropy = factor[i]!;
    if (y * y === y) {
      const right = 1 - w - baseRest[i]!;
      const sign = 1 - 2 * y;
      // An infinite entropy meets a factor 0 that outweighs it.
      factor[i] = sign * (gamma * part(right, entropy) + w);
      factorRest[i] = sign * (gamma * right * factorRest[i]! + baseRest[i]!);
    } else {
      const s = small[i]!;
      const [p, q] = x[i]! < 0 ? [s, 1 - s] : [1 - s, s];
      const pull = s === 0 ? 0 : part(gamma * (1 - 2 * y), entropy / w) * (p * q);
      factor[i] = pull + ((1 - y) * p - y * q);
      factorRest[i] = 0;
    }
  }
}

function slopesOfProbabilities(
  [x, t, base, baseRest, factor, factorRest]: Pairs,
  count: number,
  gamma: number,
): void {
  for (let i = 0; i < count; i++) {
    const y = t[i]!;
    const w = base[i]!;
    const entropy = factor[i]!;
    if (y * y === y) {
      const sign = 1 - 2 * y;
      const pull = part(gamma, entropy / w || 1);
      factor[i] = sign * (pull + 1 / (1 - w - baseRest[i]!));
      factorRest[i] = (-sign * pull * baseRest[i]!) / w;
    } else {
      const p = x[i]!;
      // At the ends the other term outgrows the infinite entropy.
      factor[i] = (p * (1 - p) && gamma * (1 - 2 * y) * (entropy / w)) + (p - y) / (p * (1 - p));
      factorRest[i] = 0;
    }
  }
}
