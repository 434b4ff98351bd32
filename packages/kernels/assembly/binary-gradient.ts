import { isOutsideUnit } from "./columns";
import { exponential, exponentialRest } from "./exponential";
import { balance2, negativeFactor, positiveFactor, raised2 } from "./focal";
import { LEAST, logarithm, logarithms } from "./logarithm";
import { part, power2 } from "./power";
import { productError2, restOfOneLess2, sumError2 } from "./rounding";
import { FAR, locate, tails } from "./softplus";
import { splat } from "./vector";
import { losses, parameter, scratch } from "./workspace";

/*
 * Derivatives by the prediction, by the formulas of core, over the losses of the workspace. t and x are doubles, `count`
 * of them, a multiple of 8; parameters as for the losses, and 10 the least p (1 - p) to divide by (0: none, exact),
 * 11 the label smoothing.
 */
export const BALANCED_BCE: i32 = 14;

/** Cross-entropy of probabilities: (p - t) / (p (1 - p)), t smoothed. @returns false where a value is refused. */
export function entropySlopes(t: usize, x: usize, count: i32): bool {
  if (isOutsideUnit<f64>(t, count) || isOutsideUnit<f64>(x, count)) return false;
  const one = splat(1);
  const zero = splat(0);
  const least = splat(parameter(10));
  const smoothing = splat(parameter(11));
  const keep = splat(parameter(0));
  const spread = splat(parameter(1));
  for (let i: usize = 0; i < <usize>count << 3; i += 16) {
    // No 1 / -0.
    const p = f64x2.add(v128.load(x + i), zero);
    const y = v128.load(t + i);
    const q = f64x2.sub(one, p);
    const d = f64x2.add(f64x2.sub(p, y), f64x2.mul(smoothing, f64x2.sub(y, splat(0.5))));
    const product = f64x2.mul(p, q);
    let slope: v128;
    if (parameter(10) > 0) {
      slope = f64x2.div(d, f64x2.pmax(product, least));
    } else {
      const yes = f64x2.add(f64x2.mul(y, keep), spread);
      const no = f64x2.add(f64x2.mul(f64x2.sub(one, y), keep), spread);
      // A hard label leaves one term, which has its limit at p = 0 and 1.
      slope = v128.bitselect(f64x2.div(splat(-1), p), f64x2.div(d, product), f64x2.eq(no, zero));
      slope = v128.bitselect(f64x2.div(one, q), slope, f64x2.eq(yes, zero));
    }
    v128.store(losses() + i, v128.andnot(slope, v128.and(isHeld2(p), f64x2.eq(y, y))));
  }
  return true;
}

/** loss (1 - t) / (1 - p) - gain t / p. @returns false where a value is refused. */
export function balancedSlopes(t: usize, x: usize, count: i32): bool {
  if (isOutsideUnit<f64>(t, count) || isOutsideUnit<f64>(x, count)) return false;
  const one = splat(1);
  const gain = splat(parameter(2));
  const loss = splat(parameter(3));
  for (let i: usize = 0; i < <usize>count << 3; i += 16) {
    // No 1 / -0.
    const p = f64x2.add(v128.load(x + i), splat(0));
    const y = v128.load(t + i);
    const no = part2(f64x2.mul(loss, f64x2.sub(one, y)), f64x2.div(one, f64x2.sub(one, p)));
    // Next to 0 a reciprocal would be beyond the largest number.
    const gained = f64x2.mul(gain, y);
    const yes = v128.andnot(f64x2.div(gained, p), f64x2.eq(gained, splat(0)));
    v128.store(losses() + i, f64x2.sub(no, yes));
  }
  return true;
}

/** factor * value, where a factor of 0 leaves nothing even of an infinite value, but hides no NaN. */
// @ts-ignore: decorator
@inline
function part2(factor: v128, value: v128): v128 {
  const nothing = v128.and(f64x2.eq(factor, splat(0)), f64x2.eq(value, value));
  return v128.andnot(f64x2.mul(factor, value), nothing);
}

/** Whether a probability is held at a bound, where the slope is 0, or NaN beside a target that is. */
// @ts-ignore: decorator
@inline
function isHeld2(p: v128): v128 {
  return v128.or(f64x2.lt(p, splat(parameter(4))), f64x2.gt(p, splat(parameter(5))));
}

/** Focal loss of probabilities. @returns false where a value is refused. */
export function focalSlopes(t: usize, x: usize, count: i32): bool {
  if (isOutsideUnit<f64>(t, count) || isOutsideUnit<f64>(x, count)) return false;
  const one = splat(1);
  const yes = scratch(0);
  const no = scratch(1);
  for (let i: usize = 0; i < <usize>count << 3; i += 16) {
    const p = v128.load(x + i);
    const q = f64x2.sub(one, p);
    const lost = restOfOneLess2(p, q);
    v128.store(yes + i, p);
    v128.store(no + i, q);
    v128.store(scratch(2) + i, f64x2.add(lost, f64x2.mul(lost, p)));
  }
  logarithms(yes, count, 0);
  logarithms(no, count, scratch(2));
  let isTiny = false;
  for (let i: usize = 0; i < <usize>count << 3; i += 8) {
    const p = load<f64>(x + i);
    if (p >= LEAST && 1 - p >= LEAST) continue;
    if (p > 0 && p < LEAST) isTiny = true;
    store<f64>(yes + i, logarithm(p));
    // p is 1, below 2^-1022 or NaN.
    store<f64>(no + i, p == 1 ? -Infinity : -p);
  }
  const twiceGamma = <i32>parameter(8);
  const positive = positiveFactor();
  const negative = negativeFactor();
  for (let i: usize = 0; i < <usize>count << 3; i += 16) {
    // No 1 / -0.
    const p = f64x2.add(v128.load(x + i), splat(0));
    const y = v128.load(t + i);
    const slope = focalSlope2(p, y, v128.load(yes + i), v128.load(no + i), twiceGamma);
    v128.store(losses() + i, part2(balance2(positive, negative, y), slope));
  }
  if (isTiny) tinySlopes(t, x, count);
  return true;
}

/** Writes the slopes next to 0 that are -t / p times factors which bring it back from beyond the largest number. */
function tinySlopes(t: usize, x: usize, count: i32): void {
  const twiceGamma = <i32>parameter(8);
  const alpha = parameter(7);
  for (let i: usize = 0; i < <usize>count << 3; i += 8) {
    const p = load<f64>(x + i);
    if (!(p > 0 && p < LEAST) || Math.abs(load<f64>(losses() + i)) != Infinity) continue;
    const y = load<f64>(t + i);
    const balance = alpha < 0 ? 1 : alpha * y + (1 - alpha) * (1 - y);
    const raised = f64x2.extract_lane(power2(splat(y), twiceGamma), 0);
    store<f64>(losses() + i, (balance * raised * -y) / p);
  }
}

// @ts-ignore: decorator
@inline
function focalSlope2(p: v128, t: v128, yes: v128, no: v128, twiceGamma: i32): v128 {
  const one = splat(1);
  const zero = splat(0);
  const gamma = splat(0.5 * <f64>twiceGamma);
  const q = f64x2.sub(one, p);
  const isNo = f64x2.eq(t, zero);
  const isHard = v128.or(isNo, f64x2.eq(t, one));
  const mixed = f64x2.add(f64x2.mul(p, f64x2.sub(one, t)), f64x2.mul(q, t));
  const wrong = v128.bitselect(v128.bitselect(p, q, isNo), mixed, isHard);
  const rest = v128.andnot(v128.and(restOfOneLess2(p, q), isHard), isNo);
  const logs = f64x2.add(f64x2.mul(t, yes), f64x2.mul(f64x2.sub(one, t), no));
  const entropy = f64x2.neg(v128.bitselect(v128.bitselect(no, yes, isNo), logs, isHard));
  const isZero = f64x2.eq(wrong, zero);
  const ratio = v128.bitselect(one, f64x2.div(entropy, wrong), isZero);
  const pull = part2(gamma, ratio);
  const right = v128.bitselect(q, p, isNo);
  const own = f64x2.add(pull, f64x2.div(one, right));
  const area = f64x2.mul(p, q);
  const softPull = part2(f64x2.mul(gamma, f64x2.sub(one, f64x2.add(t, t))), ratio);
  // At the ends the other term outgrows the infinite entropy.
  const soft = f64x2.add(
    v128.andnot(softPull, f64x2.eq(area, zero)),
    f64x2.div(f64x2.sub(p, t), area),
  );
  const signed = v128.bitselect(own, f64x2.neg(own), isNo);
  const factor = v128.bitselect(signed, soft, isHard);
  const change = v128.andnot(f64x2.div(f64x2.mul(pull, rest), wrong), f64x2.eq(rest, zero));
  const slope = raised2(wrong, rest, factor, change, twiceGamma);
  // Beside an infinite factor the rests are no numbers.
  // The square of the least targets is 0, where core multiplies twice.
  const plain =
    twiceGamma == 4
      ? f64x2.mul(wrong, f64x2.mul(wrong, factor))
      : f64x2.mul(power2(wrong, twiceGamma), factor);
  // And an infinite factor outgrows a power that is 0 by underflow alone.
  const held = v128.bitselect(plain, factor, f64x2.eq(plain, plain));
  return v128.bitselect(slope, held, f64x2.eq(slope, slope));
}

/** Focal loss of logits. @returns false where a target is refused. */
export function focalLogitSlopes(t: usize, x: usize, count: i32): bool {
  if (isOutsideUnit<f64>(t, count)) return false;
  const small = scratch(0);
  const lows = scratch(2);
  const far = locate<f64>(x, count, scratch(1), small);
  tails(scratch(1), small, lows, count, losses());
  const twiceGamma = <i32>parameter(8);
  const positive = positiveFactor();
  const negative = negativeFactor();
  for (let i: usize = 0; i < <usize>count << 3; i += 16) {
    const y = v128.load(t + i);
    const v = v128.load(x + i);
    const at = losses() + i;
    const slope = logitSlope2(v, y, v128.load(small + i), v128.load(lows + i), v128.load(at), twiceGamma);
    v128.store(at, f64x2.mul(balance2(positive, negative, y), slope));
  }
  if (!far) return true;
  for (let i: usize = 0; i < <usize>count << 3; i += 8) {
    const v = load<f64>(x + i);
    if (Math.abs(v) > FAR) store<f64>(losses() + i, farSlope(v, load<f64>(t + i), twiceGamma));
  }
  return true;
}

/** s is the smaller of p and 1 - p, f = ln(1 + e^-|x|). */
// @ts-ignore: decorator
@inline
function logitSlope2(x: v128, t: v128, s: v128, sLow: v128, f: v128, twiceGamma: i32): v128 {
  const one = splat(1);
  const zero = splat(0);
  const gamma = splat(0.5 * <f64>twiceGamma);
  const isAbove = f64x2.gt(x, zero);
  const slant = f64x2.sub(t, v128.and(isAbove, one));
  const isHard = v128.or(f64x2.eq(t, zero), f64x2.eq(t, one));
  const isRight = f64x2.eq(slant, zero);
  const r = f64x2.sub(one, s);
  const rLow = f64x2.sub(restOfOneLess2(s, r), sLow);
  const lean = f64x2.mul(x, slant);
  const entropy = f64x2.sub(f, lean);
  const entropyRest = sumError2(f, f64x2.neg(lean), entropy);
  const mixed = f64x2.add(s, f64x2.mul(f64x2.abs(slant), f64x2.sub(one, f64x2.add(s, s))));
  const wrong = v128.bitselect(v128.bitselect(s, r, isRight), mixed, isHard);
  const rest = v128.and(v128.bitselect(sLow, rLow, isRight), isHard);
  const right = v128.bitselect(r, s, isRight);
  const rightRest = v128.bitselect(rLow, sLow, isRight);
  const sign = f64x2.sub(one, f64x2.add(t, t));
  const product = f64x2.mul(right, entropy);
  const productRest = f64x2.add(
    f64x2.add(productError2(right, entropy, product), f64x2.mul(right, entropyRest)),
    f64x2.mul(rightRest, entropy),
  );
  const grown = f64x2.mul(gamma, product);
  const sum = f64x2.add(grown, wrong);
  const own = f64x2.mul(sign, sum);
  const ownRest = f64x2.mul(
    sign,
    f64x2.add(f64x2.add(sumError2(grown, wrong, sum), f64x2.mul(gamma, productRest)), rest),
  );
  const pull = f64x2.mul(f64x2.div(f64x2.mul(f64x2.mul(gamma, sign), entropy), wrong), f64x2.mul(s, r));
  const p = v128.bitselect(r, s, isAbove);
  const q = v128.bitselect(s, r, isAbove);
  const soft = f64x2.add(pull, f64x2.sub(f64x2.mul(f64x2.sub(one, t), p), f64x2.mul(t, q)));
  return raised2(
    wrong,
    rest,
    v128.bitselect(own, soft, isHard),
    v128.and(ownRest, isHard),
    twiceGamma,
  );
}

/** The slope of one logit beyond the table, where the smaller of p and 1 - p is e = e^-|x|, the other 1. */
function farSlope(x: f64, t: f64, twiceGamma: i32): f64 {
  const a = Math.abs(x);
  const e = exponential(-a);
  const eRest = exponentialRest;
  const gamma = 0.5 * <f64>twiceGamma;
  const alpha = parameter(7);
  const balance = alpha < 0 ? 1 : alpha * t + (1 - alpha) * (1 - t);
  const u = x < 0 ? t : 1 - t;
  const sign = 1 - 2 * t;
  let wrong = u == 0 ? e : 1;
  let rest = u == 0 ? eRest : 0;
  let factor = sign * (u == 0 ? gamma * e + e : (e == 0 ? 0 : gamma * (e * a)) + 1);
  let factorRest = u == 0 ? sign * (gamma + 1) * eRest : 0;
  if (t != 0 && t != 1) {
    wrong = e * (1 - u) + u;
    rest = 0;
    factorRest = 0;
    const pull = e == 0 ? 0 : ((gamma * sign * (a * u + e)) / wrong) * e;
    factor = pull + (x < 0 ? (1 - t) * e - t : 1 - t - t * e);
  }
  const slope = raised2(splat(wrong), splat(rest), splat(factor), splat(factorRest), twiceGamma);
  return part(balance, f64x2.extract_lane(slope, 0));
}
