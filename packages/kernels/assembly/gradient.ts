import { BALANCED_BCE, balancedSlopes, entropySlopes, focalLogitSlopes, focalSlopes } from "./binary-gradient";
import { BCE_LOGITS, FOCAL_LOGITS, WEIGHED_BCE_LOGITS } from "./binary-logits";
import { BCE, FOCAL } from "./binary-probabilities";
import { isOutsideUnit, toDoubles } from "./columns";
import { HUBER, MAE, MSE } from "./distance";
import { FAR, farSigmoid, locate, tails } from "./softplus";
import { splat } from "./vector";
import { losses, parameter, predictions, scratch, targets } from "./workspace";

/*
 * Derivatives of losses of elements by their predictions, by the formulas of core; `kind` and parameters are those of
 * the losses.
 */

/**
 * Writes the derivatives of up to BLOCK elements from `first` on over the losses of the workspace.
 * @returns false where a target is refused.
 */
export function slopes(
  kind: i32,
  target: usize,
  targetType: i32,
  prediction: usize,
  predictionType: i32,
  first: i32,
  count: i32,
): bool {
  const t = toDoubles(target, targetType, first, count, targets());
  const x = toDoubles(prediction, predictionType, first, count, predictions());
  const padded = (count + 7) & ~7;
  if (kind == BCE_LOGITS || kind == WEIGHED_BCE_LOGITS) return ofEntropies(t, x, padded);
  if (kind == FOCAL_LOGITS) return focalLogitSlopes(t, x, padded);
  if (kind == FOCAL) return focalSlopes(t, x, padded);
  if (kind == BCE) return entropySlopes(t, x, padded);
  if (kind == BALANCED_BCE) return balancedSlopes(t, x, padded);
  const a = splat(parameter(0));
  for (let i: usize = 0; i < <usize>padded << 3; i += 16) {
    v128.store(losses() + i, slope2(kind, f64x2.sub(v128.load(x + i), v128.load(t + i)), a));
  }
  return true;
}

/** The slope of a loss of distance at two differences d; NaN stays. */
// @ts-ignore: decorator
@inline
function slope2(kind: i32, d: v128, a: v128): v128 {
  if (kind == MSE) return f64x2.add(d, d);
  if (kind == HUBER) return f64x2.pmax(f64x2.pmin(d, a), f64x2.neg(a));
  const size = f64x2.abs(d);
  const one = v128.or(splat(1), v128.and(d, splat(-0.0)));
  const sign = v128.bitselect(one, d, f64x2.gt(size, splat(0)));
  if (kind == MAE) return sign;
  return v128.bitselect(f64x2.div(d, a), sign, f64x2.lt(size, a));
}

/**
 * ((1 - t) keep + spread) loss sigmoid(x) - (t keep + spread) gain sigmoid(-x): of the two sigmoids the smaller, s, comes
 * from the table, the other is 1 - s.
 */
function ofEntropies(t: usize, x: usize, count: i32): bool {
  if (isOutsideUnit<f64>(t, count)) return false;
  const small = scratch(0);
  const far = locate<f64>(x, count, scratch(1), small);
  tails(scratch(1), small, scratch(2), count, losses());
  if (far) {
    for (let i: usize = 0; i < <usize>count << 3; i += 8) {
      const a = Math.abs(load<f64>(x + i));
      if (a > FAR) store<f64>(small + i, farSigmoid(-a));
    }
  }
  const one = splat(1);
  const keep = splat(parameter(0));
  const spread = splat(parameter(1));
  const gain = splat(parameter(2));
  const loss = splat(parameter(3));
  for (let i: usize = 0; i < <usize>count << 3; i += 16) {
    const v = v128.load(x + i);
    const y = v128.load(t + i);
    const s = v128.load(small + i);
    const large = f64x2.sub(one, s);
    const isBelow = f64x2.lt(v, splat(0));
    const yes = f64x2.mul(f64x2.add(f64x2.mul(y, keep), spread), gain);
    const no = f64x2.mul(f64x2.add(f64x2.mul(f64x2.sub(one, y), keep), spread), loss);
    const slope = f64x2.sub(
      f64x2.mul(no, v128.bitselect(s, large, isBelow)),
      f64x2.mul(yes, v128.bitselect(large, s, isBelow)),
    );
    v128.store(losses() + i, v128.bitselect(v, slope, f64x2.ne(v, v)));
  }
  return true;
}
