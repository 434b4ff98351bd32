import { isOutsideUnit } from "./columns";
import { exponential, exponentialRest } from "./exponential";
import { areHard, balance2, focalOf, negativeFactor, positiveFactor, raised2, squared2 } from "./focal";
import { part, power2 } from "./power";
import { productError, productError2, restOfOneLess2, sumError, sumError2 } from "./rounding";
import { FAR, farSoftplus, locate, tail2, tails } from "./softplus";
import { load2 } from "./vector";
import { losses, parameter, scratch } from "./workspace";

/*
 * Binary cross-entropy and focal loss of blocks of logits x with targets t in [0, 1], both f32 or both f64. Counts are
 * multiples of 4. Parameters: 0 keep, 1 spread, 2 gain, 3 loss: the factor of softplus(-x) is
 * yes = (t keep + spread) gain, that of softplus(x) is no = ((1 - t) keep + spread) loss; 7 and 8
 * those of focal losses.
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
    const lows = scratch(2);
    tails(offsets, rests, lows, count, losses());
    if (!areHard<T>(targets, count)) softFocals<T>(targets, x, count, rests, lows);
    else if (parameter(8) == 4) hardFocals<T>(targets, x, count, rests, lows, true);
    else hardFocals<T>(targets, x, count, rests, lows, false);
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

/** The focal losses of two hard labels, without alpha: s, the smaller of p and 1 - p, is 1 - p_t where the slant is 0. */
// @ts-ignore: decorator
@inline
function hardFocal2(slant: v128, x: v128, s: v128, sLow: v128, f: v128, twiceGamma: i32): v128 {
  const isRight = f64x2.eq(slant, f64x2.splat(0));
  const r = f64x2.sub(f64x2.splat(1), s);
  const wrong = v128.bitselect(s, r, isRight);
  const rest = v128.bitselect(sLow, f64x2.sub(restOfOneLess2(s, r), sLow), isRight);
  const entropy = f64x2.sub(f, f64x2.mul(x, slant));
  if (twiceGamma == 4) return squared2(wrong, rest, entropy);
  return raised2(wrong, rest, entropy, f64x2.splat(0), twiceGamma);
}

/**
 * Turns f, which stands in the losses, into focal losses of hard labels. `small` and `lows` hold the smaller of p and
 * 1 - p.
 */
// @ts-ignore: decorator
@inline
function hardFocals<T>(targets: usize, x: usize, count: i32, small: usize, lows: usize, square: bool): void {
  const zero = f64x2.splat(0);
  const twiceGamma = square ? 4 : <i32>parameter(8);
  const positive = positiveFactor();
  const negative = negativeFactor();
  const width = 2 * sizeof<T>();
  let to = losses();
  for (const end = to + (<usize>count << 3); to < end; to += 16) {
    const t = load2<T>(targets);
    const v = load2<T>(x);
    const slant = slant2(t, v);
    const loss = hardFocal2(slant, v, v128.load(small), v128.load(lows), v128.load(to), twiceGamma);
    v128.store(to, f64x2.mul(v128.bitselect(negative, positive, f64x2.eq(t, zero)), loss));
    targets += width;
    x += width;
    small += 16;
    lows += 16;
  }
}

/** The same for any targets, hard ones among them having the same bits: with u = |slant|, 1 - p_t = s (1 - u) + (1 - s) u = s + u (1 - 2 s). */
function softFocals<T>(targets: usize, x: usize, count: i32, small: usize, lows: usize): void {
  const one = f64x2.splat(1);
  const zero = f64x2.splat(0);
  const twiceGamma = <i32>parameter(8);
  const positive = positiveFactor();
  const negative = negativeFactor();
  const width = 2 * sizeof<T>();
  let to = losses();
  for (const end = to + (<usize>count << 3); to < end; to += 16) {
    const t = load2<T>(targets);
    const v = load2<T>(x);
    const above = v128.and(f64x2.gt(v, zero), one);
    const slant = f64x2.sub(t, above);
    const slantRest = f64x2.sub(t, f64x2.add(slant, above));
    const u = f64x2.abs(slant);
    const uRest = v128.andnot(f64x2.neg(slantRest), f64x2.eq(above, zero));
    const s = v128.load(small);
    const twice = f64x2.add(s, s);
    const k = f64x2.sub(one, twice);
    const sLow = v128.load(lows);
    const kRest = f64x2.sub(restOfOneLess2(twice, k), f64x2.add(sLow, sLow));
    const product = f64x2.mul(u, k);
    const wrong = f64x2.add(s, product);
    const rest = f64x2.add(
      f64x2.add(sumError2(s, product, wrong), productError2(u, k, product)),
      f64x2.add(sLow, f64x2.add(f64x2.mul(u, kRest), f64x2.mul(uRest, k))),
    );
    const lean = f64x2.mul(v, slant);
    const f = v128.load(to);
    const entropy = f64x2.sub(f, lean);
    const entropyRest = f64x2.sub(
      sumError2(f, f64x2.neg(lean), entropy),
      f64x2.add(productError2(v, slant, lean), f64x2.mul(v, slantRest)),
    );
    const soft = raised2(wrong, rest, entropy, entropyRest, twiceGamma);
    const isHard = v128.or(f64x2.eq(t, zero), f64x2.eq(t, one));
    const loss = v128.bitselect(hardFocal2(slant, v, s, sLow, f, twiceGamma), soft, isHard);
    v128.store(to, f64x2.mul(balance2(positive, negative, t), loss));
    targets += width;
    x += width;
    small += 16;
    lows += 16;
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
  return farFocal(t, x);
}

/**
 * The focal loss beyond the table, where e = e^-|x| is below 2^-57: the smaller of p and 1 - p is e, the other 1. With u
 * what the target gives to the answer that x speaks against, 1 - p_t = e (1 - u) + u, and the cross-entropy is |x| u + e.
 */
function farFocal(t: f64, x: f64): f64 {
  const a = Math.abs(x);
  const u = x < 0 ? t : 1 - t;
  const e = exponential(-a);
  const part = e * (1 - u);
  const wrong = part + u;
  const lean = u == 0 ? 0 : a * u;
  const entropy = lean + e;
  if (entropy == 0 || !(a < 1e290)) return focalOf(wrong, 0, t, entropy);
  const eRest = exponentialRest;
  // Of products of the smallest numbers there is no error that could be kept.
  const leanRest = u < 1e-250 ? 0 : productError(a, u, lean);
  const loss = focalOf(wrong, sumError(part, u, wrong) + eRest * (1 - u), t, entropy);
  return loss + loss * ((sumError(lean, e, entropy) + leanRest + eRest) / entropy);
}
