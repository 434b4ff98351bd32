import type { Numbers } from "../loss.ts";
import { complement, largestLogit, shiftedExponentials, surprise } from "./softmax.ts";

/** The sum of factors[c] * (-ln p_c) over one row of logits; a factor 0 leaves nothing even of an infinite loss. */
export function logitsRowLoss(x: Numbers, offset: number, factors: Float64Array): number {
  const classes = factors.length;
  const m = largestLogit(x, offset, classes);
  const rest = Math.log1p(shiftedExponentials(x, offset, classes, m));
  let loss = rest === rest ? 0 : rest;
  for (let c = 0; c < classes; c++) {
    const f = factors[c]!;
    if (f !== 0) loss += surprise(f, m, x[offset + c]!, rest);
  }
  return loss;
}

/**
 * Writes the derivative of {@link logitsRowLoss} by each logit into `out` at `offset`, W being the sum of the factors:
 * W p_c - f_c = (W - f_c) p_c - f_c (1 - p_c). For one factor alone W - f_c is 0, and no digits are lost to p_c - 1.
 */
export function logitsRowSlope(x: Numbers, offset: number, factors: Float64Array, out: Float64Array): void {
  const classes = factors.length;
  const m = largestLogit(x, offset, classes);
  const sum = shiftedExponentials(x, offset, classes, m, out);
  let all = 0;
  for (let c = 0; c < classes; c++) all += factors[c]!;
  for (let c = 0; c < classes; c++) {
    const f = factors[c]!;
    const e = out[offset + c]!;
    out[offset + c] = ((all - f) * e - f * complement(e, sum, m, x[offset + c]!)) / (1 + sum);
  }
}
