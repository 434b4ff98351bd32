import type { Numbers } from "../loss.ts";

/*
 * The soft-max of a row x, shifted by its largest logit m = x_k: with e_j = exp(x_j - m) and s the sum of e_j over
 * j != k, which cannot overflow,
 *
 *     p_j = e_j / (1 + s),    -ln p_j = (m - x_j) + log1p(s),    1 - p_k = s / (1 + s).
 *
 * Both terms of -ln p_j are >= 0, and for j = k only log1p(s) is left, so that tiny losses keep all digits. For j != k
 * 1 - p_j = (1 + (s - e_j)) / (1 + s). The limits hold for infinite logits; where two are +Infinity there is none: NaN.
 */

/** The position in its row of the first of the largest logits. */
export function indexOfMax(x: Numbers, offset: number, classes: number): number {
  let top = 0;
  let m = x[offset]!;
  for (let c = 1; c < classes; c++) {
    const v = x[offset + c]!;
    if (v > m) {
      m = v;
      top = c;
    }
  }
  return top;
}

/**
 * Sums e_j over the classes but `top`, and writes every e_j (1 at `top`) where `out` is given.
 *
 * A rounding error of the difference x_j - m is a relative error of its exponential, so it is carried along, as are
 * those of the sum: both in `rest`.
 */
export function shiftedExponentials(
  x: Numbers,
  offset: number,
  classes: number,
  top: number,
  out?: Float64Array,
  outOffset: number = offset,
): number {
  const m = x[offset + top]!;
  let sum = m === m ? 0 : Number.NaN;
  let rest = 0;
  if (out !== undefined) out[outOffset + top] = 1;
  for (let c = 0; c < classes; c++) {
    if (c === top) continue;
    const v = x[offset + c]!;
    const d = v - m;
    let e = 0;
    // Below, exp(d) is 0; d is -Infinity where v is, or m +Infinity, or the two are too far apart.
    if (!(d < -746)) {
      e = Math.exp(d);
      const back = d - v;
      const correction = e * (v - (d - back) - (m + back));
      const next = sum + e;
      rest += (sum < e ? e - next + sum : sum - next + e) + correction;
      sum = next;
      e += correction;
    }
    if (out !== undefined) out[outOffset + c] = e;
  }
  return sum + rest;
}

/** The difference m - v >= 0 times `factor`, formed in halves where it alone would overflow. */
export function gapTimes(factor: number, m: number, v: number): number {
  const gap = m - v;
  return gap === Infinity ? 2 * factor * (m / 2 - v / 2) : factor * gap;
}

/** 1 - p_c, times 1 + s. */
export function complement(e: number, sum: number, isTop: boolean): number {
  return isTop ? sum : 1 + (sum - e);
}
