import { arrangeElements } from "../input/arrange-elements.ts";
import { checkProbabilities, checkTargets } from "../input/check-probabilities.ts";
import type { Loss, Reduction } from "../loss.ts";
import { checkChoice } from "./check-choice.ts";
import { checkNumber } from "./check-number.ts";
import { lossFromKernel, type ElementwiseOptions } from "./loss-from-kernel.ts";
import { part, sumOfParts } from "./part.ts";

export interface FocalOptions {
  /** Predictions are logits, not probabilities: id `focal_logits` instead of `focal`. Default false. */
  readonly fromLogits?: boolean;
  /** How much less easy examples count; from 0, which is the cross-entropy. Default 2. */
  readonly gamma?: number;
  /** The factor of positives, 1 - alpha that of negatives, up to 1; below 0 (default -1) there is none. */
  readonly alpha?: number;
  /** With probabilities: "keras" holds them within [eps, 1 - eps], the gradient being 0 outside. Default "exact". */
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
 *
 * The mean divides by the number of elements (the paper divides by the number of positives: use "sum").
 * Source: arXiv:1708.02002.
 * @throws LF_BAD_PARAMETER; on use LF_PROBABILITY_OUT_OF_RANGE for predictions or targets outside [0, 1].
 */
export function focal<R extends Reduction = "mean">(
  options: FocalOptions & ElementwiseOptions<R> = {},
): Loss<R> {
  const { fromLogits = false, gamma = 2, alpha = -1, convention = "exact", eps = 1e-7 } = options;
  const id = fromLogits ? "focal_logits" : "focal";
  checkNumber(id, "gamma", gamma, 0);
  checkNumber(id, "alpha", alpha, -Infinity, 1);
  checkChoice(id, "convention", convention, "exact", "keras");
  checkNumber(id, "eps", eps, 0, 0.5);
  const low = convention === "keras" ? eps : 0;
  const balance = (t: number): number => (alpha < 0 ? 1 : alpha * t + (1 - alpha) * (1 - t));
  return lossFromKernel(
    {
      id,
      params: { gamma, alpha, ...(fromLogits ? {} : { convention, eps }) },
      unit: "element",
      arrange: arrangeElements,
      target: "probability",
      check: fromLogits ? checkTargets : checkProbabilities,
      evaluate({ prediction, target, rows }, out) {
        for (let i = 0; i < rows; i++) {
          const x = prediction[i]!;
          const t = target[i]!;
          const loss = fromLogits
            ? logitLoss(x, t, gamma)
            : probabilityLoss(Math.max(low, Math.min(1 - low, x)), t, gamma);
          out[i] = part(balance(t), loss);
        }
      },
      differentiate({ prediction, target, rows }, out) {
        for (let i = 0; i < rows; i++) {
          const x = prediction[i]!;
          const t = target[i]!;
          if (!fromLogits && (x < low || x > 1 - low)) out[i] = 0;
          else
            out[i] = part(balance(t), fromLogits ? logitSlope(x, t, gamma) : probabilitySlope(x, t, gamma));
        }
      },
    },
    options,
  );
}

function logitLoss(x: number, t: number, gamma: number): number {
  const e = Math.exp(-Math.abs(x));
  const rest = Math.log1p(e);
  const up = (x > 0 ? x : 0) + rest;
  const down = (x < 0 ? -x : 0) + rest;
  const p = (x < 0 ? e : 1) / (1 + e);
  const q = (x < 0 ? 1 : e) / (1 + e);
  return power(p * (1 - t) + q * t, gamma) * sumOfParts(t, down, 1 - t, up);
}

function logitSlope(x: number, t: number, gamma: number): number {
  const e = Math.exp(-Math.abs(x));
  const rest = Math.log1p(e);
  const up = (x > 0 ? x : 0) + rest;
  const down = (x < 0 ? -x : 0) + rest;
  const p = (x < 0 ? e : 1) / (1 + e);
  const q = (x < 0 ? 1 : e) / (1 + e);
  // Where e is 0, the infinite softplus meets a factor 0 that outweighs it.
  if (t === 0) return power(p, gamma) * ((q === 0 ? 0 : gamma * q * up) + p);
  if (t === 1) return -power(q, gamma) * ((p === 0 ? 0 : gamma * p * down) + q);
  const wrong = p * (1 - t) + q * t;
  const focus = p * q === 0 ? 0 : (gamma * p * q * (1 - 2 * t) * ((1 - t) * up + t * down)) / wrong;
  return power(wrong, gamma) * (focus + ((1 - t) * p - t * q));
}

function probabilityLoss(p: number, t: number, gamma: number): number {
  if (t === 0) return power(p, gamma) * -Math.log1p(-p);
  if (t === 1) return power(1 - p, gamma) * -Math.log(p);
  return power(p * (1 - t) + (1 - p) * t, gamma) * ((t - 1) * Math.log1p(-p) - t * Math.log(p));
}

function probabilitySlope(p: number, t: number, gamma: number): number {
  if (t === 0) return power(p, gamma) * (part(gamma, p === 0 ? 1 : -Math.log1p(-p) / p) + 1 / (1 - p));
  if (t === 1) {
    const wrong = 1 - p;
    return -power(wrong, gamma) * (part(gamma, wrong === 0 ? 1 : -Math.log(p) / wrong) + 1 / p);
  }
  const wrong = p * (1 - t) + (1 - p) * t;
  const entropy = (t - 1) * Math.log1p(-p) - t * Math.log(p);
  return power(wrong, gamma) * ((gamma * (1 - 2 * t) * entropy) / wrong + (p - t) / (p * (1 - p)));
}

/** x^gamma; a square is one rounding, not two. */
function power(x: number, gamma: number): number {
  return gamma === 2 ? x * x : x ** gamma;
}
