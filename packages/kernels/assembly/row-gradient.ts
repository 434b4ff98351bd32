import { raised } from "./focal";
import { logarithmOfOnePlus } from "./logarithm";
import { productError, sumError } from "./rounding";
import { splat } from "./vector";
import { isOutsideUnit, toDoubles } from "./columns";
import { CCE_LOGITS } from "./distributed-rows";
import { FOCAL_SOFTMAX, IGNORED, readLabels, UNKNOWN } from "./labelled-rows";
import { HAS_NAN, OUTSIDE, scan, SCCE } from "./probability-rows";
import { excess, excessRest, gap, others, othersRest, own, ownRest, softmaxRow } from "./softmax-gradient";
import { LABELS, rowTargets } from "./row-targets";
import { blockLabels, SMOOTHED_SCCE_LOGITS } from "./smoothed-labels";
import { indexOfMax, LOGITS } from "./softmax-rows";
import { classFactor, parameter, scratch, targets } from "./workspace";

/*
 * Derivatives of the cross-entropy of rows by the formulas of core: -f_c / p_c for probabilities, of which a label has
 * one alone, and (W - f_c) p_c - f_c (1 - p_c) for logits, p their soft-max and W the sum of the factors
 * f_c = (t_c keep + smoothing / C) w_c (parameters 0 and 1; w the factors of the classes). A NaN anywhere in a row makes all of it NaN.
 */

/**
 * Writes the derivatives of up to BLOCK rows with labels, of logits or probabilities, from `first` on to `out`, `classes`
 * doubles a row. @returns false where a label or probability is refused.
 */
export function labelledSlopes<T>(
  kind: i32,
  target: usize,
  targetType: i32,
  x: usize,
  first: i32,
  rows: i32,
  classes: i32,
  out: usize,
): bool {
  const ys = scratch(2);
  if (!readLabels(toDoubles(target, targetType, first, rows, targets()), rows, classes, ys)) return false;
  for (let r = 0; r < rows; r++) {
    const at = <usize>(first + r) * <usize>classes;
    const row = x + at * sizeof<T>();
    const to = out + (at << 3);
    let y = load<i32>(ys + (<usize>r << 2));
    if (kind == SCCE) {
      const found = scan<T>(row, classes);
      if (found == OUTSIDE) return false;
      if (found == HAS_NAN && y != IGNORED) y = UNKNOWN;
    }
    if (y < 0) fill(to, classes, y == IGNORED ? 0 : NaN);
    else if (kind == SCCE) {
      fill(to, classes, 0);
      // No 1 / -0.
      store<f64>(to + (<usize>y << 3), -1 / (<f64>load<T>(row + <usize>y * sizeof<T>()) + 0));
    } else softmaxSlopes<T>(kind, row, y, classes, to);
  }
  return true;
}

/**
 * The slopes of a row of logits with label y: p_j by the others, and p_y - 1, which is minus the sum of the others' p, by its
 * own. Of focal losses: q^gamma (gamma n p_y / q + 1) p_j and -q^gamma (gamma n p_y + q), with q = 1 - p_y and n = -ln p_y.
 */
function softmaxSlopes<T>(kind: i32, x: usize, y: i32, classes: i32, to: usize): void {
  softmaxRow<T>(x, classes, y, to);
  const total = others + own;
  const wrong = others / total;
  let label = wrong;
  let factor: f64 = 1;
  if (kind == FOCAL_SOFTMAX) {
    const alpha = parameter(7) * classFactor(y);
    const twiceGamma = <i32>parameter(8);
    const gamma = 0.5 * <f64>twiceGamma;
    const totalRest = sumError(others, own, total) + othersRest + ownRest;
    const rest = quotientRest(others, othersRest, total, totalRest, wrong);
    const right = own / total;
    let pull: f64 = 0;
    let pullRest: f64 = 0;
    if (right != 0) {
      const n = gap + logarithmOfOnePlus(excess, excessRest);
      const product = n * right;
      pull = gamma * product;
      const productRest = productError(n, right, product) + n * quotientRest(own, ownRest, total, totalRest, right);
      pullRest = productError(gamma, product, pull) + gamma * productRest;
    }
    const sum = pull + wrong;
    label = alpha * raised(wrong, rest, sum, sumError(pull, wrong, sum) + pullRest + rest, twiceGamma);
    let pulls = gamma;
    let pullsRest: f64 = 0;
    if (wrong != 0) {
      pulls = pull / wrong;
      pullsRest = quotientRest(pull, pullRest, wrong, rest, pulls);
    }
    const other = pulls + 1;
    factor = alpha * raised(wrong, rest, other, sumError(pulls, 1, other) + pullsRest, twiceGamma);
  }
  const divisor = splat(total);
  const factors = splat(factor);
  const end = to + (<usize>(classes & ~1) << 3);
  let at = to;
  for (; at < end; at += 16) v128.store(at, f64x2.mul(factors, f64x2.div(v128.load(at), divisor)));
  if ((classes & 1) != 0) store<f64>(at, factor * (load<f64>(at) / total));
  store<f64>(to + (<usize>y << 3), -label);
}

/** What a quotient of two numbers, each with its rest, is less than theirs; 0 where products have no error to be kept. */
function quotientRest(a: f64, aRest: f64, b: f64, bRest: f64, quotient: f64): f64 {
  if (!(a > 1e-280) || !(quotient > 1e-280)) return aRest / b;
  const product = quotient * b;
  return (a - product - productError(quotient, b, product) + aRest - quotient * bRest) / b;
}

/** Rows with distributions, of logits or probabilities. @returns false where a target or probability is refused. */
export function distributedSlopes<T>(
  kind: i32,
  target: usize,
  targetType: i32,
  x: usize,
  first: i32,
  rows: i32,
  classes: i32,
  out: usize,
): bool {
  for (let r = first; r < first + rows; r++) {
    const at = <usize>r * <usize>classes;
    const isLogits = kind == CCE_LOGITS;
    if (!distributedRow<T>(isLogits, target, targetType, x + at * sizeof<T>(), r, classes, out + (at << 3))) return false;
  }
  return true;
}

/** Rows with labels that are smoothed, as the distributions that these stand for. @returns false where one or a probability is refused. */
export function smoothedSlopes<T>(
  kind: i32,
  target: usize,
  targetType: i32,
  x: usize,
  first: i32,
  rows: i32,
  classes: i32,
  out: usize,
): bool {
  const ys = blockLabels();
  if (!readLabels(toDoubles(target, targetType, first, rows, targets()), rows, classes, ys)) return false;
  for (let r = 0; r < rows; r++) {
    const at = <usize>(first + r) * <usize>classes;
    const to = out + (at << 3);
    const isLogits = kind == SMOOTHED_SCCE_LOGITS;
    if (!distributedRow<T>(isLogits, ys, LABELS, x + at * sizeof<T>(), r, classes, to)) return false;
    const y = load<i32>(ys + (<usize>r << 2));
    if (y < 0) fill(to, classes, y == IGNORED ? 0 : NaN);
  }
  return true;
}

function distributedRow<T>(isLogits: bool, target: usize, type: i32, x: usize, row: i32, classes: i32, to: usize): bool {
  if (isLogits) return logitRow<T>(target, type, x, row, classes, to);
  return probabilityRow<T>(target, type, x, row, classes, to);
}

function fill(to: usize, classes: i32, value: f64): void {
  for (let j: usize = 0; j < <usize>classes; j++) store<f64>(to + (j << 3), value);
}

/** Doubles of `count` targets of a row; 0 where one is refused. */
function readTargets(target: usize, type: i32, first: i32, count: i32, classes: i32): usize {
  const t = rowTargets(target, type, first, count, classes);
  return isOutsideUnit<f64>(t, (count + 7) & ~7) ? 0 : t;
}

function probabilityRow<T>(target: usize, type: i32, x: usize, row: i32, classes: i32, to: usize): bool {
  const found = scan<T>(x, classes);
  if (found == OUTSIDE) return false;
  const nan = found == HAS_NAN ? NaN : 0;
  const spread = parameter(1) / <f64>classes;
  for (let from = 0; from < classes; from += LOGITS) {
    const count = min(LOGITS, classes - from);
    const t = readTargets(target, type, row * classes + from, count, classes);
    if (t == 0) return false;
    for (let i: usize = 0; i < <usize>count; i++) {
      const c = <usize>from + i;
      const f = (load<f64>(t + (i << 3)) * parameter(0) + spread) * classFactor(c);
      store<f64>(to + (c << 3), (f == 0 ? 0 : -f / (<f64>load<T>(x + c * sizeof<T>()) + 0)) + nan);
    }
  }
  return true;
}

function logitRow<T>(target: usize, type: i32, x: usize, row: i32, classes: i32, to: usize): bool {
  const top = indexOfMax<T>(x, classes);
  softmaxRow<T>(x, classes, top, to);
  const largest = own;
  const total = others + largest;
  const spread = parameter(1) / <f64>classes;
  let weight: f64 = 0;
  let rest: f64 = 0;
  for (let from = 0; from < classes; from += LOGITS) {
    const count = min(LOGITS, classes - from);
    const t = readTargets(target, type, row * classes + from, count, classes);
    if (t == 0) return false;
    for (let i: usize = 0; i < <usize>count; i++) {
      const f = (load<f64>(t + (i << 3)) * parameter(0) + spread) * classFactor(<usize>from + i);
      const next = weight + f;
      const back = next - weight;
      rest += weight - (next - back) + (f - back);
      weight = next;
    }
  }
  for (let from = 0; from < classes; from += LOGITS) {
    const count = min(LOGITS, classes - from);
    const t = rowTargets(target, type, row * classes + from, count, classes);
    for (let i: usize = 0; i < <usize>count; i++) {
      const c = <usize>from + i;
      const f = (load<f64>(t + (i << 3)) * parameter(0) + spread) * classFactor(c);
      const e = load<f64>(to + (c << 3));
      const left = c == top ? others : largest + (others - e);
      store<f64>(to + (c << 3), ((weight - f + rest) * e - f * left) / total);
    }
  }
  return true;
}
