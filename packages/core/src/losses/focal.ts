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

/** Columns, and what rounding took from targets that were smoothed. */
interface Smoothed extends LossColumns {
  readonly rests?: Float64Array;
}

/** Options of {@link focal}. */
export interface FocalOptions {
  /** Predictions are logits, not probabilities: id `focal_logits` instead of `focal`. Default false. */
  readonly fromLogits?: boolean;
  /** How much less easy examples count; from 0, which is the cross-entropy. Default 2. */
  readonly gamma?: number;
  /** The factor of positives, 1 - alpha that of negatives, up to 1; below 0 (default -1) there is none. */
  readonly alpha?: number;
  /** Moves each target to t (1 - e) + e / 2; from 0 to 1. Default 0. */
  readonly labelSmoothing?: number;
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
 * last place of the exact value, with alpha within 4, and of targets between 0 and 1 within one more.
 *
 * The mean divides by the number of elements (the paper divides by the number of positives: use "sum").
 * Source: arXiv:1708.02002.
 * Predictions and targets have one shape, any; losses are in nats, one an element. NaN stays in its own loss and
 * slope; of an empty batch the sum is 0 and the mean NaN; arrays that come back are the caller's.
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
  labelSmoothing = 0,
  convention = "exact",
  eps = 1e-7,
}: FocalOptions): Kernel {
  const rules = { convention: [convention, "exact", "keras"], eps: [eps, 0, 0.5] };
  return focalOf("focal", gamma, alpha, labelSmoothing, rules, checkProbabilities, walk);

  function walk({ prediction, target, rows, rests }: Smoothed, out: Float64Array, isSlope: boolean): void {
    // Products, as V8 keeps what it has computed in a register, and looks into the box of an option for each element.
    const power = gamma * 1;
    const ofPositives = alpha * 1;
    const least = 1e-290 ** (1 / power);
    const low = convention === "keras" ? eps * 1 : 0;
    const high = 1 - low;
    for (let i = 0; i < rows; i++) {
      // -0 counts as 0, as 1 / -0 is another infinity.
      const p = prediction[i]! + 0;
      const t = target[i]!;
      const q = 1 - p;
      const qRest = 1 - q - p;
      const tRest = rests?.[i] ?? 0;
      const other = 1 - t;
      const sign = 1 - 2 * t;
      let base = other * p + t * q;
      let baseRest = t * qRest;
      let factor;
      let factorRest = 0;
      const isHard = t * t === t;
      if (isHard) {
        // Chosen without a branch, which random labels would defeat. ln(1 - p) = ln q + rest / q, and there is a rest below p = 1/2
        // alone, where 1 / q is 1 + p to within a quarter of it. Of the least p it would be half of all.
        factor =
          p < 1e-9 && other ? p + (p * p) / 2 : 0 - Math.log(t * p + other * q) - other * qRest * (1 + p);
      } else {
        // 1 - p_t = t + p (1 - 2 t).
        const x = p * sign;
        const sum = t + x;
        const rest =
          sumError(t, x, sum) + productError(p, sign, x) + p * (1 - sign - 2 * t) + tRest * (q - p);
        base = sum + rest;
        baseRest = sum - base + rest;
        const yes = t * -Math.log(p);
        const entropy = 0 - Math.log(q) - qRest * (1 + p);
        const no = other * entropy;
        // Written down so that V8 forms the logarithms here, not once more wherever the sum is used.
        factor = out[i] = yes + no;
        factorRest = sumError(yes, no, factor) + (1 - other - t - tRest) * entropy;
      }
      const isHeld = p < low || p > high;
      if (isHeld) {
        // The entropy of the nearer end.
        const held = p < low ? low : high;
        factor = -t * Math.log(held) - other * Math.log1p(-held);
        factorRest = 0;
      }
      const balance = balanceOf(ofPositives, t);
      if (isSlope) {
        const ratio = factor / base;
        if (isHeld) {
          // The logarithms are constant there, and their power is not.
          out[i] = part(balance, part(power, powerOfPair(base, baseRest, power - 1, sign * factor, 0)) + 0);
          continue;
        }
        if (isHard) {
          const pull = part(power, ratio || 1);
          factor = sign * (pull + 1 / (1 - base - baseRest));
          factorRest = (-sign * pull * baseRest) / base;
        } else {
          // At the ends the other term outgrows the infinite entropy.
          factor = (p * q && power * sign * ratio) + (p - t - tRest) / (p * q);
          factorRest = 0;
        }
      }
      // Next to the least number a power has few digits, or none, which a slope's factor may bring back: by halves.
      const focused =
        base < least
          ? powerOfPair(
              base,
              baseRest,
              power / 2,
              powerOfPair(base, baseRest, power / 2, factor, factorRest),
              0,
            )
          : powerOfPair(base, baseRest, power, factor, factorRest);
      const value = part(balance, focused);
      // Next to 0 the slope is -t / p times factors that bring it back from beyond the largest number.
      out[i] =
        isSlope && p > 0 && p < 1e-300 && Math.abs(value) === Infinity
          ? (balance * t ** power * -t) / p
          : value;
    }
  }
}

const BLOCK = 256;

/**
 * Reads the options of {@link focal}, from logits.
 *
 * With a = |x|, s = 1 / (1 + e^a) and u what the target gives to the answer that x speaks against (t for x < 0, 1 - t for
 * others): 1 - p_t = s (1 - u) + (1 - s) u, the cross-entropy a u + ln(1 + e^-a).
 */
export function focalLogitsKernel({ gamma = 2, alpha = -1, labelSmoothing = 0 }: FocalOptions): Kernel {
  return focalOf("focal_logits", gamma, alpha, labelSmoothing, {}, checkTargets, walk);

  function walk({ prediction, target, rows, rests }: Smoothed, out: Float64Array, isSlope: boolean): void {
    const power = gamma * 1;
    const ofPositives = alpha * 1;
    const e = new Float64Array(BLOCK);
    const eRests = new Float64Array(BLOCK);
    for (let i = 0; i < rows; i++) {
      const k = i % BLOCK;
      if (k === 0) {
        const count = Math.min(BLOCK, rows - i);
        for (let j = 0; j < count; j++) e[j] = -Math.abs(prediction[i + j]!);
        toExponentialPairs(e, eRests, count);
      }
      const x = prediction[i]!;
      const t = target[i]!;
      const a = Math.abs(x);
      const d = 1 + e[k]!;
      const s = e[k]! / d;
      const r = 1 - s;
      // e - s d without error, and what the sum and the rests add to it.
      const sRest = (eRests[k]! - productError(s, d, e[k]!) - s * (1 - d + e[k]! + eRests[k]!)) * r;
      const f = Math.log1p(e[k]!);
      const isBelow = x < 0;
      const other = 1 - t;
      const sign = 1 - 2 * t;
      const u = isBelow ? t : other;
      const tRest = rests?.[i] ?? 0;
      const uRest = isBelow ? tRest : 1 - other - t - tRest;
      const way = isBelow ? 1 : -1;
      // No number of infinite logits where the target gives them nothing, which the base, 0 then, outweighs.
      const far = a * u;
      let factor = far + f;
      let factorRest = sumError(far, f, factor) + eRests[k]! * r + productError(a, u, far) + a * uRest;
      // 1 - p_t = u + s (1 - 2 u).
      const m = way * sign;
      const y = s * m;
      const base = u + y;
      const baseRest =
        sumError(u, y, base) +
        productError(s, m, y) +
        way * s * (1 - sign - 2 * (t + tRest)) +
        sRest * m +
        uRest;
      if (isSlope) {
        if (t * t === t) {
          const right = 1 - base - baseRest;
          // An infinite entropy meets a factor 0 that outweighs it.
          factor = sign * (power * part(right, factor) + base);
          factorRest = sign * (power * right * factorRest + baseRest);
        } else {
          // With p - t, whose digits cancel next to p = t.
          factor = (s === 0 ? 0 : part(power * sign, factor / base) * (s * r)) + way * (s - u);
          factorRest = way * (sRest - uRest);
        }
      }
      out[i] = part(balanceOf(ofPositives, t), powerOfPair(base, baseRest, power, factor, factorRest));
    }
  }
}

function focalOf(
  id: "focal" | "focal_logits",
  gamma: number,
  alpha: number,
  labelSmoothing: number,
  rules: Rules,
  check: (columns: WeighedColumns) => void,
  walk: (columns: Smoothed, out: Float64Array, isSlope: boolean) => void,
): Kernel {
  const shareOf = (t: number): number => t * (1 - labelSmoothing) + labelSmoothing / 2;
  // Beforehand: within the loop it takes a tenth of the time where nothing is smoothed.
  const smooth = (columns: LossColumns): Smoothed => {
    if (!labelSmoothing) return columns;
    const target = Float64Array.from(columns.target, shareOf);
    // 1 less the target has digits that the target has not.
    const rests = target.map((t, i) => (t > 0.5 ? 1 - t - shareOf(1 - columns.target[i]!) : 0));
    return { ...columns, target, rests };
  };
  return {
    id,
    rules: {
      gamma: [gamma, 0],
      alpha: [alpha, -Infinity, 1],
      labelSmoothing: [labelSmoothing, 0, 1],
      ...rules,
    },
    target: "probability",
    check,
    evaluate: (columns, out) => walk(smooth(columns), out, false),
    differentiate: (columns, out) => walk(smooth(columns), out, true),
  };
}

/** The factor of positives and of negatives. */
function balanceOf(alpha: number, t: number): number {
  return alpha < 0 ? 1 : alpha * t + (1 - alpha) * (1 - t);
}
