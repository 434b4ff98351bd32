import type { Numbers } from "../loss.ts";
import { sumError } from "../sum/sum-error.ts";
import { toExponentialPairs } from "./exponential-pairs.ts";

/*
 * The soft-max of a row x, shifted by its largest logit m = x_k: with e_j = exp(x_j - m) and s the sum of e_j over
 * j != k, which cannot overflow,
 *
 *     p_j = e_j / (1 + s),    -ln p_j = (m - x_j) + log1p(s),    1 - p_k = s / (1 + s).
 *
 * Both terms of -ln p_j are >= 0, and for j = k only log1p(s) is left, so that tiny losses keep all digits. For j != k
 * 1 - p_j = (1 + (s - e_j)) / (1 + s). Of several largest logits any may be k. The limits hold for infinite logits;
 * where two are +Infinity there is none: NaN.
 */

/** The largest logit of a row; NaN where there is a NaN. */
export function largestLogit(x: Numbers, offset: number, classes: number): number {
  let m = -Infinity;
  for (let i = offset; i < offset + classes; i++) m = Math.max(m, x[i]!);
  return m;
}

/**
 * Writes every e_j (1 for one of the largest), and at [classes] the sum over the others, as sums of two doubles: powers
 * of soft-max probabilities would multiply what rounding takes.
 */
export function shiftedPairs(
  x: Numbers,
  offset: number,
  classes: number,
  m: number,
  e: Float64Array,
  rests: Float64Array,
): void {
  for (let c = 0; c < classes; c++) e[c] = x[offset + c]! - m;
  toExponentialPairs(e, rests, classes);
  let sum = m === m ? 0 : Number.NaN;
  let rest = 0;
  let isFirst = true;
  for (let c = 0; c < classes; c++) {
    const v = x[offset + c]!;
    if (isFirst && v === m) {
      isFirst = false;
      e[c] = 1;
      rests[c] = 0;
      continue;
    }
    const term = e[c]!;
    if (term === 0) continue;
    rests[c] = rests[c]! + term * sumError(v, -m, v - m);
    const next = sum + term;
    rest += sumError(sum, term, next) + rests[c]!;
    sum = next;
  }
  e[classes] = sum;
  rests[classes] = rest;
}
