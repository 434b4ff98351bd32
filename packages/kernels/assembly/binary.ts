import { isOutsideUnit } from "./columns";
import { exponential } from "./exponential";
import { logarithm, logarithm2, logarithmOfOnePlus } from "./logarithm";
import { FAR, farSigmoid, farSoftplus, locate, smaller2, tail2 } from "./softplus";
import { losses, parameter, predictions, scratch } from "./workspace";

/*
 * Binary cross-entropy and focal loss of blocks of doubles: targets t in [0, 1], logits x or probabilities p. Counts
 * are multiples of 4. Parameters: 0 keep, 1 spread, 2 gain, 3 loss: the factor of -ln p is yes = (t keep + spread) gain,
 * that of -ln(1 - p) is no = ((1 - t) keep + spread) loss; 4 low, 5 high: the bounds of p; 6 floor: that of logarithms;
 * 7 alpha (below 0: none), 8 twice gamma.
 */
export const BCE_LOGITS: i32 = 4;
export const WEIGHED_BCE_LOGITS: i32 = 5;
export const FOCAL_LOGITS: i32 = 6;
export const BCE: i32 = 7;
export const FOCAL: i32 = 8;

/** Writes the losses of the block. @returns false where a target or probability is refused. */
export function binary(kind: i32, targets: usize, x: usize, count: i32): bool {
  if (isOutsideUnit(targets, count)) return false;
  if (kind == BCE || kind == FOCAL) {
    if (isOutsideUnit(x, count)) return false;
    fromProbabilities(kind, targets, x, count);
    return true;
  }
  const offsets = scratch(1);
  const rests = scratch(0);
  const far = locate(x, count, offsets, rests);
  if (kind == BCE_LOGITS) entropies(targets, x, count, offsets, rests);
  else if (kind == FOCAL_LOGITS) focals(targets, x, count, offsets, rests);
  else weighedEntropies(targets, x, count, offsets, rests);
  if (far) {
    for (let i = 0; i < count; i++) {
      const at = <usize>i << 3;
      const v = load<f64>(x + at);
      if (Math.abs(v) > FAR) store<f64>(losses() + at, farLoss(kind, load<f64>(targets + at), v));
    }
  }
  return true;
}

/** (1 - t) softplus(x) + t softplus(-x) = f + |x| (x > 0 ? 1 - t : t) = f - x (t - [x > 0]), f = ln(1 + e^-|x|). */
// @ts-ignore: decorator
@inline
function entropy2(t: v128, x: v128, f: v128): v128 {
  const step = v128.and(f64x2.gt(x, f64x2.splat(0)), f64x2.splat(1));
  return f64x2.sub(f, f64x2.mul(x, f64x2.sub(t, step)));
}

function entropies(targets: usize, x: usize, count: i32, offsets: usize, rests: usize): void {
  let to = losses();
  for (const end = to + (<usize>count << 3); to < end; to += 16) {
    v128.store(to, entropy2(v128.load(targets), v128.load(x), tail2(offsets, rests)));
    targets += 16;
    x += 16;
    offsets += 8;
    rests += 16;
  }
}

function weighedEntropies(targets: usize, x: usize, count: i32, offsets: usize, rests: usize): void {
  const one = f64x2.splat(1);
  const keep = f64x2.splat(parameter(0));
  const spread = f64x2.splat(parameter(1));
  const gain = f64x2.splat(parameter(2));
  const loss = f64x2.splat(parameter(3));
  let to = losses();
  for (const end = to + (<usize>count << 3); to < end; to += 16) {
    const t = v128.load(targets);
    const v = v128.load(x);
    const yes = f64x2.mul(f64x2.add(f64x2.mul(t, keep), spread), gain);
    const no = f64x2.mul(f64x2.add(f64x2.mul(f64x2.sub(one, t), keep), spread), loss);
    const f = tail2(offsets, rests);
    const zero = f64x2.splat(0);
    const down = f64x2.add(f64x2.pmax(f64x2.neg(v), zero), f);
    const up = f64x2.add(f64x2.pmax(v, zero), f);
    v128.store(to, f64x2.add(f64x2.mul(yes, down), f64x2.mul(no, up)));
    targets += 16;
    x += 16;
    offsets += 8;
    rests += 16;
  }
}

function focals(targets: usize, x: usize, count: i32, offsets: usize, rests: usize): void {
  const one = f64x2.splat(1);
  const alpha = parameter(7);
  const twiceGamma = <i32>parameter(8);
  const positive = f64x2.splat(alpha < 0 ? 1 : alpha);
  const negative = f64x2.splat(alpha < 0 ? 1 : 1 - alpha);
  let to = losses();
  for (const end = to + (<usize>count << 3); to < end; to += 16) {
    const t = v128.load(targets);
    const v = v128.load(x);
    const other = f64x2.sub(one, t);
    const small = smaller2(offsets, rests);
    const large = f64x2.sub(one, small);
    const up = f64x2.gt(v, f64x2.splat(0));
    // 1 - p_t = sigmoid(x) (1 - t) + sigmoid(-x) t
    const wrong = f64x2.add(
      f64x2.mul(v128.bitselect(large, small, up), other),
      f64x2.mul(v128.bitselect(small, large, up), t),
    );
    const entropy = entropy2(t, v, tail2(offsets, rests));
    const balance = f64x2.add(f64x2.mul(positive, t), f64x2.mul(negative, other));
    v128.store(to, f64x2.mul(balance, f64x2.mul(power2(wrong, twiceGamma), entropy)));
    targets += 16;
    x += 16;
    offsets += 8;
    rests += 16;
  }
}

/** x^(n / 2) for n from 0 to 6. */
// @ts-ignore: decorator
@inline
export function power2(x: v128, n: i32): v128 {
  if (n == 4) return f64x2.mul(x, x);
  let y = (n & 1) != 0 ? f64x2.sqrt(x) : f64x2.splat(1);
  if (n >= 2) y = f64x2.mul(y, x);
  if (n >= 4) y = f64x2.mul(y, x);
  if (n >= 6) y = f64x2.mul(y, x);
  return y;
}

function power(x: f64, n: i32): f64 {
  return f64x2.extract_lane(power2(f64x2.splat(x), n), 0);
}

/** factor * loss, where a factor of 0 leaves nothing even of an infinite loss. */
function part(factor: f64, loss: f64): f64 {
  return factor == 0 ? 0 : factor * loss;
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
  const wrong = farSigmoid(x) * (1 - t) + farSigmoid(-x) * t;
  const alpha = parameter(7);
  const balance = alpha < 0 ? 1 : alpha * t + (1 - alpha) * (1 - t);
  return part(balance, power(wrong, <i32>parameter(8)) * entropy);
}

/** Logarithms of probabilities: -ln p and -ln(1 - p), held at the floor's negative or below. */
function fromProbabilities(kind: i32, targets: usize, x: usize, count: i32): void {
  const one = f64x2.splat(1);
  const zero = f64x2.splat(0);
  const low = f64x2.splat(parameter(4));
  const high = f64x2.splat(parameter(5));
  const ceiling = f64x2.splat(-parameter(6));
  const keep = f64x2.splat(parameter(0));
  const spread = f64x2.splat(parameter(1));
  const gain = f64x2.splat(parameter(2));
  const loss = f64x2.splat(parameter(3));
  const least = f64x2.splat(2.2250738585072014e-308);
  const bytes = <usize>count << 3;
  let odd = i64x2.splat(0);
  for (let i: usize = 0; i < bytes; i += 16) {
    // In this order NaN stays.
    const p = f64x2.pmax(f64x2.pmin(v128.load(x + i), high), low);
    const t = v128.load(targets + i);
    const q = f64x2.sub(one, p);
    odd = v128.or(odd, v128.not(v128.and(f64x2.ge(p, least), f64x2.ge(q, least))));
    const hard = i64x2.all_true(f64x2.eq(f64x2.mul(t, t), t));
    const lost = f64x2.sub(f64x2.sub(one, q), p);
    const rest = f64x2.add(lost, f64x2.mul(lost, p));
    let value: v128;
    if (hard && kind == BCE && parameter(1) == 0) {
      // One logarithm does where the other's factor is 0; the digits are the same.
      const yes = f64x2.eq(t, one);
      const ln = logarithm2(v128.bitselect(p, q, yes), v128.andnot(rest, yes));
      const factor = v128.bitselect(f64x2.mul(keep, gain), f64x2.mul(keep, loss), yes);
      value = f64x2.add(f64x2.mul(factor, f64x2.pmin(ceiling, f64x2.neg(ln))), zero);
    } else {
      const a = f64x2.pmin(ceiling, f64x2.neg(logarithm2(p, zero)));
      const b = f64x2.pmin(ceiling, f64x2.neg(logarithm2(q, rest)));
      if (kind == BCE) {
        const yes = f64x2.mul(f64x2.add(f64x2.mul(t, keep), spread), gain);
        const no = f64x2.mul(f64x2.add(f64x2.mul(f64x2.sub(one, t), keep), spread), loss);
        value = f64x2.add(f64x2.mul(yes, a), f64x2.mul(no, b));
      } else {
        const other = f64x2.sub(one, t);
        const wrong = f64x2.add(f64x2.mul(p, other), f64x2.mul(q, t));
        const entropy = f64x2.add(f64x2.mul(t, a), f64x2.mul(other, b));
        value = f64x2.mul(power2(wrong, <i32>parameter(8)), entropy);
        if (parameter(7) >= 0) {
          const alpha = f64x2.splat(parameter(7));
          value = f64x2.mul(
            f64x2.add(f64x2.mul(alpha, t), f64x2.mul(f64x2.sub(one, alpha), other)),
            value,
          );
        }
      }
    }
    v128.store(losses() + i, value);
  }
  if (!v128.any_true(odd)) return;
  for (let i: usize = 0; i < bytes; i += 8) {
    let p = load<f64>(x + i);
    if (p > parameter(5)) p = parameter(5);
    if (p < parameter(4)) p = parameter(4);
    const q = 1 - p;
    if (p >= 2.2250738585072014e-308 && q >= 2.2250738585072014e-308) continue;
    store<f64>(losses() + i, oddProbability(kind, load<f64>(targets + i), p, q));
  }
}

/** The loss of one probability that is 0, 1, subnormal or NaN. */
function oddProbability(kind: i32, t: f64, p: f64, q: f64): f64 {
  const ceiling = -parameter(6);
  let a = -logarithm(p);
  // p is 1 or below 2^-1022, so that -ln(1 - p) is Infinity or p.
  let b = p == 1 ? Infinity : p;
  if (a > ceiling) a = ceiling;
  if (b > ceiling) b = ceiling;
  if (kind == BCE) {
    const yes = (t * parameter(0) + parameter(1)) * parameter(2);
    const no = ((1 - t) * parameter(0) + parameter(1)) * parameter(3);
    return part(yes, a) + part(no, b) + 0;
  }
  const wrong = p * (1 - t) + q * t;
  const entropy = part(t, a) + part(1 - t, b);
  const alpha = parameter(7);
  const balance = alpha < 0 ? 1 : alpha * t + (1 - alpha) * (1 - t);
  return part(balance, power(wrong, <i32>parameter(8)) * entropy) + 0;
}
