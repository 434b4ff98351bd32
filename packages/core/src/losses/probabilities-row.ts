import type { Convention } from "../loss.ts";
import { sumError } from "../sum/sum-error.ts";
import type { RowLoss } from "./row-loss.ts";

/**
 * Makes the loss of one row of probabilities, the sum of factors[c] * (-ln q_c). q is p; under keras p divided by the
 * row's sum S and then held within [eps, 1 - eps]; under keras_tf first held, then divided by the sum of that.
 *
 * Derivative by p_c: -f_c / p_c. Where the row is divided by S, F / S is added, F being the sum of the f (keras: of those
 * within the bounds); together they are ((F - f_c) - f_c (S - p_c) / p_c) / S, where F and S carry their rounding errors
 * along, so that what the others add up to keeps its digits beside one that is far larger.
 * What is held at a bound has no term of its own.
 */
export function probabilitiesRow(convention: Convention, eps: number): RowLoss {
  const divides = convention.startsWith("keras");
  const before = convention === "keras_tf" ? eps : -Infinity;
  const after = convention === "keras" ? eps : -Infinity;
  return (p, at, factors, out) => {
    const classes = factors.length;
    let total = 0;
    let error = 0;
    for (let c = 0; c < classes; c++) {
      const v = divides ? held(p[at + c]!, before) : p[at + c]!;
      const next = total + v;
      error += sumError(total, v, next);
      total = next;
    }
    // A NaN anywhere makes all of the row NaN.
    if (!divides && total === total) total = 1;
    let loss = total - total;
    let live = 0;
    let rest = 0;
    for (let c = 0; c < classes; c++) {
      const f = factors[c]!;
      if (f === 0) continue;
      const share = held(p[at + c]!, before) / total;
      loss -= f * Math.log(held(share, after));
      if (!divides || isHeld(share, after)) continue;
      const next = live + f;
      rest += sumError(live, f, next);
      live = next;
    }
    if (out === undefined) return loss;
    for (let c = 0; c < classes; c++) {
      const f = factors[c]!;
      const v = p[at + c]!;
      if (isHeld(v, before)) out[at + c] = 0;
      else if (f === 0 || isHeld(v / total, after)) out[at + c] = live / total;
      else if (divides) out[at + c] = (live - f + rest - (f * (total - v + error)) / v) / total;
      else out[at + c] = -f / v + (total - total);
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
