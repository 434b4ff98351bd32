import { sumError } from "../sum/sum-error.ts";
import type { RowLoss } from "./row-loss.ts";
import { complement, largestLogit, shiftedExponentials, surprise } from "./softmax.ts";

/**
 * The loss of one row of logits, p being its soft-max. Derivative, W being the sum of the factors:
 * W p_c - f_c = (W - f_c) p_c - f_c (1 - p_c), so no digits are lost to p_c - 1; nor to W - f_c, what the other factors
 * add up to, as W carries its rounding error along: for one factor alone it is 0.
 */
export const logitsRow: RowLoss = (x, at, factors, out) => {
  const classes = factors.length;
  const m = largestLogit(x, at, classes);
  const sum = shiftedExponentials(x, at, classes, m, out);
  const rest = Math.log1p(sum);
  let loss = rest === rest ? 0 : rest;
  let all = 0;
  let error = 0;
  for (let c = 0; c < classes; c++) {
    const f = factors[c]!;
    if (f !== 0) loss += surprise(f, m, x[at + c]!, rest);
    const next = all + f;
    error += sumError(all, f, next);
    all = next;
  }
  if (out === undefined) return loss;
  for (let c = 0; c < classes; c++) {
    const f = factors[c]!;
    const e = out[at + c]!;
    out[at + c] = ((all - f + error) * e - f * complement(e, sum, m, x[at + c]!)) / (1 + sum);
  }
  return loss;
};
