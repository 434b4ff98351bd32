import { checkTargets } from "../input/check-probabilities.ts";
import { outOfUnit } from "../input/out-of-unit.ts";
import type { Convention } from "../loss.ts";
import { sumError } from "../sum/sum-error.ts";
import type { RowForm, RowLoss } from "./categorical-rows.ts";
import type { Focus } from "./focus.ts";

/** Rows of probabilities. */
export const PROBABILITIES: RowForm = {
  isLogits: false,
  check: (columns) => checkTargets(columns, "prediction", outOfUnit),
  rowLoss: probabilityRow,
};

/**
 * Makes the loss of a row of probabilities p: q is p; under keras p divided by the row's sum S and then held within
 * [eps, 1 - eps]; under keras_tf first held, then divided by the sum of that.
 *
 * Derivative by p_c: -f_c / p_c where the row is not divided. Else, F being the sum of the f, (F q_c - f_c) / p_c, where
 * F q_c - f_c = (F - f_c) q_c - f_c (1 - q_c): for one factor alone F - f_c is 0, and no digits are lost to q_c - 1. What is
 * held at a bound has no term of its own and is not in F.
 */
function probabilityRow(convention: Convention, eps: number, focus?: Focus): RowLoss {
  const divides = ["keras", "keras_tf"].includes(convention);
  const before = convention === "keras_tf" ? eps : 0;
  const after = convention === "keras" ? eps : 0;
  return (x, at, factors, _only, out) => {
    const classes = factors.length;
    let s = 0;
    let error = 0;
    for (let c = 0; c < classes; c++) {
      const p = held(x[at + c]!, before);
      const next = s + p;
      error += sumError(s, p, next);
      s = next;
    }
    // A NaN anywhere makes all of the row NaN.
    const total = divides || s !== s ? s + error : 1;
    error -= total - s;
    let loss = total - total;
    let lossError = 0;
    let all = loss;
    let allError = 0;
    for (let c = 0; c < classes; c++) {
      const f = factors[c]!;
      if (f === 0) continue;
      const p = held(x[at + c]!, before);
      const q = p / total;
      // Near 1 the quotient has no digits left of what the others take from it.
      const n = !divides || q < 0.5 ? -Math.log(q) : -Math.log1p((p - total - error) / total);
      let term = f * (isHeld(q, after) ? -Math.log(held(q, after)) : n);
      if (focus) {
        term = f * focus(n, false);
        if (out) factors[c] = f * focus(n, true);
      }
      const next = loss + term;
      lossError += sumError(loss, term, next);
      loss = next;
      if (out && divides && !isHeld(q, after)) {
        const next = all + factors[c]!;
        allError += sumError(all, factors[c]!, next);
        all = next;
      }
    }
    // Of an infinite sum rounding took nothing, and the rest is NaN.
    loss += lossError || 0;
    if (!out) return loss;
    // What is divided by the sum of all is NaN with any.
    if (divides && loss !== loss) all = loss;
    for (let c = 0; c < classes; c++) {
      const f = factors[c]!;
      // 1 / -0 is another infinity.
      const p = x[at + c]! + 0;
      if (isHeld(p, before)) out[at + c] = all - all;
      else if (f === 0 || isHeld(p / total, after)) out[at + c] = all && (all + allError) / total;
      else if (divides) out[at + c] = (all - f + allError - (f * (total - p + error)) / p) / total;
      else out[at + c] = -f / p + (total - total);
    }
    return loss;
  };
}

function held(q: number, eps: number): number {
  return Math.max(eps, Math.min(1 - eps, q));
}

function isHeld(q: number, eps: number): boolean {
  return q < eps || q > 1 - eps;
}
