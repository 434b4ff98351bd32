import { isOutsideUnit, toDoubles } from "./columns";
import { dropUnlabelled, readLabels } from "./labelled-rows";
import { LEAST, logarithm, logarithms } from "./logarithm";
import { carefulSumOf } from "./row-sum";
import { rowTargets } from "./row-targets";
import { LOGITS } from "./softmax-rows";
import { classFactors, losses, parameter, predictions, scratch } from "./workspace";

/*
 * Cross-entropy of rows of C probabilities: -ln p_y for a label y, the sum of f_c (-ln p_c) for a distribution, with
 * f_c = (t_c keep + smoothing / C) w_c (parameters 0 and 1; w the factors of the classes). A NaN anywhere in a row makes its loss NaN.
 */
export const SCCE: i32 = 11;
export const CCE: i32 = 13;

/** Writes the losses of up to BLOCK rows with labels, doubles. @returns false where one or a probability is refused. */
export function labelledProbabilities<T>(labels: usize, x: usize, rows: i32, classes: i32): bool {
  const ys = scratch(2);
  const own = scratch(1);
  if (!readLabels(labels, rows, classes, ys)) return false;
  const found = scan<T>(x, rows * classes);
  if (found == OUTSIDE) return false;
  const stride = <usize>classes * sizeof<T>();
  for (let r: usize = 0; r < <usize>rows; r++) {
    const row = x + r * stride;
    const y = <usize>max(0, load<i32>(ys + (r << 2)));
    const p = found == HAS_NAN && scan<T>(row, classes) == HAS_NAN ? NaN : <f64>load<T>(row + y * sizeof<T>());
    store<f64>(own + (r << 3), p);
    store<f64>(losses() + (r << 3), p >= LEAST ? p : 1);
  }
  const padded = (rows + 3) & ~3;
  for (let r = rows; r < padded; r++) store<f64>(losses() + (<usize>r << 3), 1);
  logarithms(losses(), padded, 0);
  for (let r: usize = 0; r < <usize>rows; r++) {
    const p = load<f64>(own + (r << 3));
    store<f64>(losses() + (r << 3), 0 - (p >= LEAST ? load<f64>(losses() + (r << 3)) : logarithm(p)));
  }
  dropUnlabelled(ys, rows);
  return true;
}

const FINE: i32 = 0;
export const HAS_NAN: i32 = 1;
export const OUTSIDE: i32 = 2;

/** Whether numbers are all within [0, 1], or some NaN, or some outside. */
export function scan<T>(x: usize, count: i32): i32 {
  const whole = count & ~3;
  if (isOutsideUnit<T>(x, whole)) return OUTSIDE;
  let found = FINE;
  let odd = i64x2.splat(0);
  for (let at = x, end = x + <usize>whole * sizeof<T>(); at < end; at += 16) {
    const v = v128.load(at);
    odd = v128.or(odd, sizeof<T>() == 4 ? f32x4.ne(v, v) : f64x2.ne(v, v));
  }
  if (v128.any_true(odd)) found = HAS_NAN;
  for (let i = whole; i < count; i++) {
    const v = <f64>load<T>(x + <usize>i * sizeof<T>());
    if (v < 0 || v > 1) return OUTSIDE;
    if (v != v) found = HAS_NAN;
  }
  return found;
}

/** Writes the losses of rows with distributions. @returns false where a target or probability is refused. */
export function distributedProbabilities(
  target: usize,
  targetType: i32,
  x: usize,
  type: i32,
  first: i32,
  rows: i32,
  classes: i32,
): bool {
  // Rows one by one where the factors of the classes stand beside them.
  const each = classFactors() == 0 ? max(1, LOGITS / classes) : 1;
  for (let r = 0; r < rows; r += each) {
    const n = min(each, rows - r);
    const total = n * classes;
    let sum: f64 = 0;
    for (let from = 0; from < total; from += LOGITS) {
      const count = min(LOGITS, total - from);
      const at = (first + r) * classes + from;
      if (!weighed(rowTargets(target, targetType, at, count, classes), toDoubles(x, type, at, count, predictions()), count, classes, from)) {
        return false;
      }
      if (classes > LOGITS) sum += carefulSumOf(scratch(0), count);
    }
    for (let i = 0; i < n; i++) {
      const loss = classes > LOGITS ? sum : carefulSumOf(scratch(0) + (<usize>(i * classes) << 3), classes);
      store<f64>(losses() + (<usize>(r + i) << 3), loss);
    }
  }
  return true;
}

/** Writes f (-ln p) of `count` numbers, the first of class `from`, to the first scratch. @returns false where one is refused. */
function weighed(t: usize, p: usize, count: i32, classes: i32, from: i32): bool {
  const padded = (count + 7) & ~7;
  if (isOutsideUnit<f64>(t, padded) || isOutsideUnit<f64>(p, padded)) return false;
  const keep = parameter(0);
  const spread = parameter(1) / <f64>classes;
  const weights = classFactors();
  const logs = scratch(0);
  const one = f64x2.splat(1);
  const least = f64x2.splat(LEAST);
  let odd = i64x2.splat(0);
  for (let i: usize = 0; i < <usize>padded << 3; i += 16) {
    const v = v128.load(p + i);
    const fine = f64x2.ge(v, least);
    odd = v128.or(odd, v128.not(fine));
    v128.store(logs + i, v128.bitselect(v, one, fine));
  }
  logarithms(logs, padded, 0);
  if (v128.any_true(odd)) {
    for (let i: usize = 0; i < <usize>count; i++) {
      const v = load<f64>(p + (i << 3));
      if (!(v >= LEAST)) store<f64>(logs + (i << 3), logarithm(v));
    }
  }
  for (let i: usize = 0; i < <usize>padded << 3; i += 16) {
    const v = v128.load(p + i);
    let f = f64x2.add(f64x2.mul(v128.load(t + i), f64x2.splat(keep)), f64x2.splat(spread));
    if (weights != 0) f = f64x2.mul(f, v128.load(weights + (<usize>from << 3) + i));
    const loss = f64x2.mul(f, f64x2.neg(v128.load(logs + i)));
    // A factor of 0 leaves 0 even of an infinite loss, but not of NaN.
    const nothing = f64x2.sub(v, v);
    v128.store(logs + i, f64x2.add(v128.bitselect(nothing, loss, f64x2.eq(f, f64x2.splat(0))), f64x2.splat(0)));
  }
  return true;
}
