import type { Convention, Numbers } from "../loss.ts";

/**
 * The sum of factors[c] * (-ln p_c) over one row of probabilities. Convention keras divides the row by its sum S and
 * holds each quotient within [eps, 1 - eps]; keras_tf holds each p within [eps, 1 - eps] and then divides by their sum.
 */
export function probabilitiesRowLoss(
  p: Numbers,
  offset: number,
  factors: Float64Array,
  convention: Convention,
  eps: number,
): number {
  const classes = factors.length;
  const total = rowTotal(p, offset, classes, convention, eps);
  let loss = total - total;
  for (let c = 0; c < classes; c++) {
    const f = factors[c]!;
    const v = p[offset + c]!;
    const q =
      convention === "keras" ? clip(v / total, eps) : convention === "keras_tf" ? clip(v, eps) / total : v;
    if (f !== 0) loss -= f * Math.log(q);
  }
  return loss;
}

/**
 * Writes the derivative of {@link probabilitiesRowLoss} by each p into `out` at `offset`: -f_c / p_c, and where the row
 * is divided by S, the sum of the f (keras: of those within the bounds) over S added; 0 for what is held at a bound.
 */
export function probabilitiesRowSlope(
  p: Numbers,
  offset: number,
  factors: Float64Array,
  convention: Convention,
  eps: number,
  out: Float64Array,
): void {
  const classes = factors.length;
  const total = rowTotal(p, offset, classes, convention, eps);
  const keras = convention === "keras";
  const tf = convention === "keras_tf";
  let live = 0;
  if (keras || tf) {
    for (let c = 0; c < classes; c++) if (tf || !isHeld(p[offset + c]! / total, eps)) live += factors[c]!;
  }
  for (let c = 0; c < classes; c++) {
    const f = factors[c]!;
    const v = p[offset + c]!;
    const shared = tf && isHeld(v, eps) ? 0 : live / total;
    const own = f === 0 || (keras && isHeld(v / total, eps)) || (tf && isHeld(v, eps)) ? 0 : f / v;
    out[offset + c] = shared - own;
  }
}

/** The divisor of the row; 1 where it is taken as given, NaN where it holds a NaN. */
function rowTotal(p: Numbers, offset: number, classes: number, convention: Convention, eps: number): number {
  let sum = 0;
  for (let c = 0; c < classes; c++)
    sum += convention === "keras_tf" ? clip(p[offset + c]!, eps) : p[offset + c]!;
  return convention === "keras" || convention === "keras_tf" || sum !== sum ? sum : 1;
}

function clip(q: number, eps: number): number {
  return Math.max(eps, Math.min(1 - eps, q));
}

function isHeld(q: number, eps: number): boolean {
  return q < eps || q > 1 - eps;
}
