import { productError } from "../sum/product-error.ts";
import { sumError } from "../sum/sum-error.ts";
import type { RowForm, RowLoss } from "./categorical-rows.ts";
import type { Focus } from "./focus.ts";
import { largestLogit } from "./softmax.ts";

/** Rows of logits, under whatever convention. */
export const LOGITS: RowForm = {
  isLogits: true,
  check: () => false,
  rowLoss: (_convention, _eps, focus) => softmaxRow(focus),
};

/**
 * Makes the loss of a row of logits x, q being their soft-max, shifted by the largest, m = x_k: with e_j = exp(x_j - m) and
 * s the sum of e_j over j != k, which cannot overflow, q_j = e_j / (1 + s) and -ln q_j = (m - x_j) + log1p(s). Both terms are
 * >= 0, and for j = k only log1p(s) is left, so that tiny losses keep all digits. Of several largest logits any may be k. A
 * rounding error of x_j - m is a relative error of its exponential, so it is carried along, as are those of the sum: all in
 * `error`. What several f share, log1p(s), is multiplied by their sum, and that product's error carried too: with each m - x_j
 * it would be rounded anew, all in one direction. The limits hold for infinite logits; where two are +Infinity there is none:
 * NaN.
 *
 * Derivative, F being the sum of the f: F q_c - f_c = (F - f_c) q_c - f_c (1 - q_c) by x_c. For one factor alone F - f_c is
 * 0, and no digits are lost to q_c - 1.
 */
function softmaxRow(focus?: Focus): RowLoss {
  return (x, at, factors, only, out) => {
    const classes = factors.length;
    const from = only < 0 ? 0 : only;
    const to = only < 0 ? classes : only + 1;
    const m = largestLogit(x, at, classes);
    let isFirst = true;
    let s = 0;
    let error = 0;
    for (let c = 0; c < classes; c++) {
      const v = x[at + c]!;
      let e = 1;
      if (isFirst && v === m) isFirst = false;
      else {
        const d = v - m;
        e = Math.exp(d);
        const lost = e && e * sumError(v, -m, d);
        const next = s + e;
        error += sumError(s, e, next) + lost;
        s = next;
        e += lost;
      }
      if (out) out[at + c] = e;
    }
    s += error;
    const log = Math.log1p(s);
    // A NaN anywhere makes all of the row NaN.
    let loss = s - s;
    let lossError = 0;
    let all = 0;
    let allError = 0;
    for (let c = from; c < to; c++) {
      const f = factors[c]!;
      if (f === 0) continue;
      const v = x[at + c]!;
      // Half of m - v, which alone would overflow, or be no number.
      const half = v === m ? 0 : m / 2 - v / 2;
      let term = 2 * f * half;
      if (focus) {
        const n = 2 * half + log;
        term = f * focus(n, false);
        if (out) factors[c] = f * focus(n, true);
      }
      const next = loss + term;
      lossError += sumError(loss, term, next);
      loss = next;
      const sum = all + factors[c]!;
      allError += sumError(all, factors[c]!, sum);
      all = sum;
    }
    if (!focus) {
      const term = all * log;
      lossError += sumError(loss, term, loss + term) + allError * log + productError(all, log, term);
      loss += term;
    }
    // Of an infinite sum rounding took nothing, and the rest is NaN.
    loss += lossError || 0;
    if (!out) return loss;
    for (let c = 0; c < classes; c++) {
      const f = factors[c]!;
      const e = out[at + c]!;
      out[at + c] = ((all - f + allError) * e - f * (x[at + c] === m ? s : 1 + (s - e))) / (1 + s);
    }
    return loss;
  };
}
