import type { Convention, LossColumns, Numbers } from "../loss.ts";
import { sumError } from "../sum/sum-error.ts";
import type { Focus } from "./focus.ts";
import type { Loops } from "./kernel.ts";

/** Writes the factors of a row's classes; false where the row costs nothing. */
export type LoadFactors = (columns: LossColumns, row: number, factors: Float64Array) => boolean;

/**
 * Makes the loops of losses of rows of C classes: a row costs the sum over c of f_c (-ln q_c), with factors f, 0 leaving
 * nothing even of an infinite loss. q is the soft-max of logits; of probabilities p it is p; under keras p divided by the
 * row's sum S and then held within [eps, 1 - eps]; under keras_tf first held, then divided by the sum of that.
 *
 * Soft-max, shifted by the largest logit m = x_k: with e_j = exp(x_j - m) and s the sum of e_j over j != k, which cannot
 * overflow, S = 1 + s and -ln q_j = (m - x_j) + log1p(s). Both terms are >= 0, and for j = k only log1p(s) is left, so that
 * tiny losses keep all digits. Of several largest logits any may be k. A rounding error of x_j - m is a relative error of
 * its exponential, so it is carried along, as are those of the sum: all in `error`. The limits hold for infinite logits;
 * where two are +Infinity there is none: NaN.
 *
 * Derivative, F being the sum of the f: F q_c - f_c = (F - f_c) q_c - f_c (1 - q_c) by x_c. For one factor alone F - f_c is
 * 0, and no digits are lost to q_c - 1. By p_c it is that over p_c, or -f_c / p_c where the row is not divided. What is held
 * at a bound has no term of its own and is not in F.
 *
 * A `focus` takes the place of -ln q with a function of it, whose slope multiplies f in the derivative.
 */
export function categoricalRows(
  isLogits: boolean,
  convention: Convention,
  eps: number,
  loadFactors: LoadFactors,
  focus?: Focus,
): Loops {
  const divides = ["keras", "keras_tf"].includes(convention);
  const before = convention === "keras_tf" ? eps : -Infinity;
  const after = convention === "keras" ? eps : -Infinity;
  /** The loss of the row from `at`; its derivative goes to `out`, where given. */
  const rowLoss = (x: Numbers, at: number, factors: Float64Array, out: Float64Array | null): number => {
    const classes = factors.length;
    let m = -Infinity;
    if (isLogits) for (let c = 0; c < classes; c++) m = Math.max(m, x[at + c]!);
    let isFirst = isLogits;
    let s = 0;
    let error = 0;
    for (let c = 0; c < classes; c++) {
      const v = x[at + c]!;
      let e = 1;
      if (isFirst && v === m) isFirst = false;
      else {
        const d = v - m;
        e = isLogits ? Math.exp(d) : held(v, before);
        const lost = isLogits && e !== 0 ? e * (v - (d - (d - v)) - (m + (d - v))) : 0;
        const next = s + e;
        error += sumError(s, e, next) + lost;
        s = next;
        e += lost;
      }
      if (out) out[at + c] = e;
    }
    if (isLogits) s += error;
    const rest = isLogits ? Math.log1p(s) : 0;
    // A NaN anywhere makes all of the row NaN.
    const total = isLogits ? 1 + s : divides || s !== s ? s : 1;
    let loss = total - total;
    let lossError = 0;
    let all = 0;
    let allError = 0;
    for (let c = 0; c < classes; c++) {
      const f = factors[c]!;
      if (f === 0) continue;
      const v = x[at + c]!;
      const q = held(v, before) / total;
      let term: number;
      if (focus) {
        const n = isLogits ? m - v + rest : q < 0.5 ? -Math.log(q) : -Math.log1p((v - total - error) / total);
        term = f * focus(n, false);
        factors[c] = f * focus(n, true);
      } else if (!isLogits) term = -f * Math.log(held(q, after));
      // In halves where m - v alone would overflow.
      else term = v === m ? f * rest : 2 * f * (m / 2 - v / 2 + rest / 2);
      const next = loss + term;
      lossError += sumError(loss, term, next);
      loss = next;
      if (isLogits || (divides && !isHeld(q, after))) {
        const next = all + factors[c]!;
        allError += sumError(all, factors[c]!, next);
        all = next;
      }
    }
    // Infinite terms lose nothing.
    if (lossError === lossError) loss += lossError;
    if (out === null) return loss;
    for (let c = 0; c < classes; c++) {
      const f = factors[c]!;
      const v = x[at + c]!;
      const e = out[at + c]!;
      if (isLogits) out[at + c] = ((all - f + allError) * e - f * (v === m ? s : 1 + (s - e))) / total;
      else if (isHeld(v, before)) out[at + c] = 0;
      else if (f === 0 || isHeld(v / total, after)) out[at + c] = all / total;
      else if (divides) out[at + c] = (all - f + allError - (f * (total - v + error)) / v) / total;
      else out[at + c] = -f / v + (total - total);
    }
    return loss;
  };
  const walk = (columns: LossColumns, out: Float64Array, slopes: boolean): void => {
    const { prediction, rows, classes } = columns;
    const factors = new Float64Array(classes);
    for (let r = 0; r < rows; r++) {
      const costs = loadFactors(columns, r, factors);
      const loss = costs ? rowLoss(prediction, r * classes, factors, slopes ? out : null) : 0;
      if (!slopes) out[r] = loss;
    }
  };
  return {
    evaluate: (columns, out) => walk(columns, out, false),
    differentiate: (columns, out) => walk(columns, out, true),
  };
}

function held(q: number, eps: number): number {
  return Math.max(eps, Math.min(1 - eps, q));
}

function isHeld(q: number, eps: number): boolean {
  return q < eps || q > 1 - eps;
}
