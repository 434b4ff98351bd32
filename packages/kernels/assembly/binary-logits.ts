import { isOutsideUnit } from "./columns";
import { part, power, power2 } from "./power";
import { FAR, farSigmoid, farSoftplus, locate, tail2, tails } from "./softplus";
import { load2 } from "./vector";
import { losses, parameter, scratch } from "./workspace";

/*
 * Binary cross-entropy and focal loss of blocks of logits x with targets t in [0, 1], both f32 or both f64. Counts are
 * multiples of 4. Parameters: 0 keep, 1 spread, 2 gain, 3 loss: the factor of softplus(-x) is
 * yes = (t keep + spread) gain, that of softplus(x) is no = ((1 - t) keep + spread) loss; 7 alpha (below 0: none),
 * 8 twice gamma.
 */
export const BCE_LOGITS: i32 = 4;
export const WEIGHED_BCE_LOGITS: i32 = 5;
export const FOCAL_LOGITS: i32 = 6;

/** Writes the losses of the block. @returns false where a target is refused. */
export function binaryLogits<T>(kind: i32, targets: usize, x: usize, count: i32): bool {
  if (isOutsideUnit<T>(targets, count)) return false;
  const rests = scratch(0);
  const offsets = scratch(1);
  const far = locate<T>(x, count, offsets, rests);
  if (kind == BCE_LOGITS) entropies<T>(targets, x, count, offsets, rests);
  else if (kind == WEIGHED_BCE_LOGITS) weighedEntropies<T>(targets, x, count, offsets, rests);
  else {
    tails(offsets, rests, count, losses());
    if (parameter(8) == 4) focals<T>(targets, x, count, rests, true);
    else focals<T>(targets, x, count, rests, false);
  }
  if (far) {
    for (let i: usize = 0; i < <usize>count; i++) {
      const v = <f64>load<T>(x + i * sizeof<T>());
      const t = <f64>load<T>(targets + i * sizeof<T>());
      if (Math.abs(v) > FAR) store<f64>(losses() + (i << 3), farLoss(kind, t, v));
    }
  }
  return true;
}

/** t - [x > 0], by which x comes into the cross-entropy: (1 - t) softplus(x) + t softplus(-x) = f - x (t - [x > 0]). */
// @ts-ignore: decorator
@inline
function slant2(t: v128, x: v128): v128 {
  return f64x2.sub(t, v128.and(f64x2.gt(x, f64x2.splat(0)), f64x2.splat(1)));
}

function entropies<T>(targets: usize, x: usize, count: i32, offsets: usize, rests: usize): void {
  const width = 2 * sizeof<T>();
  let to = losses();
  for (const end = to + (<usize>count << 3); to < end; to += 16) {
    const v = load2<T>(x);
    v128.store(to, f64x2.sub(tail2(offsets, rests), f64x2.mul(v, slant2(load2<T>(targets), v))));
    targets += width;
    x += width;
    offsets += 8;
    rests += 16;
  }
}

function weighedEntropies<T>(targets: usize, x: usize, count: i32, offsets: usize, rests: usize): void {
  const one = f64x2.splat(1);
  const zero = f64x2.splat(0);
  const keep = f64x2.splat(parameter(0));
  const spread = f64x2.splat(parameter(1));
  const gain = f64x2.splat(parameter(2));
  const loss = f64x2.splat(parameter(3));
  const width = 2 * sizeof<T>();
  let to = losses();
  for (const end = to + (<usize>count << 3); to < end; to += 16) {
    const t = load2<T>(targets);
    const v = load2<T>(x);
    const yes = f64x2.mul(f64x2.add(f64x2.mul(t, keep), spread), gain);
    const no = f64x2.mul(f64x2.add(f64x2.mul(f64x2.sub(one, t), keep), spread), loss);
    const f = tail2(offsets, rests);
    const down = f64x2.add(f64x2.pmax(f64x2.neg(v), zero), f);
    const up = f64x2.add(f64x2.pmax(v, zero), f);
    v128.store(to, f64x2.add(f64x2.mul(yes, down), f64x2.mul(no, up)));
    targets += width;
    x += width;
    offsets += 8;
    rests += 16;
  }
}

/**
 * Turns f, which stands in the losses, into focal losses. `small` holds the smaller of p and 1 - p; with u = |slant|,
 * 1 - p_t = small (1 - u) + (1 - small) u.
 */
// @ts-ignore: decorator
@inline
function focals<T>(targets: usize, x: usize, count: i32, small: usize, square: bool): void {
  const one = f64x2.splat(1);
  const alpha = parameter(7);
  const twiceGamma = <i32>parameter(8);
  const positive = f64x2.splat(alpha < 0 ? 1 : alpha);
  const negative = f64x2.splat(alpha < 0 ? 1 : 1 - alpha);
  const width = 2 * sizeof<T>();
  let to = losses();
  for (const end = to + (<usize>count << 3); to < end; to += 16) {
    const t = load2<T>(targets);
    const v = load2<T>(x);
    const slant = slant2(t, v);
    const s = v128.load(small);
    const wrong = f64x2.add(s, f64x2.mul(f64x2.abs(slant), f64x2.sub(one, f64x2.add(s, s))));
    const entropy = f64x2.sub(v128.load(to), f64x2.mul(v, slant));
    const balance = f64x2.add(f64x2.mul(positive, t), f64x2.mul(negative, f64x2.sub(one, t)));
    const focus = square ? f64x2.mul(wrong, wrong) : power2(wrong, twiceGamma);
    v128.store(to, f64x2.mul(balance, f64x2.mul(focus, entropy)));
    targets += width;
    x += width;
    small += 16;
  }
}

/** The loss of one logit beyond the table. */
function farLoss(kind: i32, t: f64, x: f64): f64 {
  if (kind == WEIGHED_BCE_LOGITS) {
    const yes = (t * parameter(0) + parameter(1)) * parameter(2);
    const no = ((1 - t) * parameter(0) + parameter(1)) * parameter(3);
    return part(yes, farSoftplus(-x)) + part(no, farSoftplus(x));
  }
  const entropy = part(t, farSoftplus(-x)) + part(1 - t, farSoftplus(x));
  if (kind == BCE_LOGITS) return entropy;
  return focalOf(farSigmoid(x) * (1 - t) + farSigmoid(-x) * t, t, entropy);
}

/** balance(t) wrong^gamma entropy, of one element. */
export function focalOf(wrong: f64, t: f64, entropy: f64): f64 {
  const alpha = parameter(7);
  const balance = alpha < 0 ? 1 : alpha * t + (1 - alpha) * (1 - t);
  const twiceGamma = <i32>parameter(8);
  // In this order the square of a tiny number does not vanish before an infinite entropy.
  return part(balance, twiceGamma == 4 ? wrong * (wrong * entropy) : power(wrong, twiceGamma) * entropy);
}
