import { isOutsideUnit, toDoubles } from "./columns";
import { CCE_LOGITS } from "./distributed-rows";
import { IGNORED, readLabels, UNKNOWN } from "./labelled-rows";
import { HAS_NAN, OUTSIDE, scan, SCCE } from "./probability-rows";
import { carefulSumOf } from "./row-sum";
import { exponentialsTo, shiftedTo, softmaxSlopes } from "./softmax-gradient";
import { indexOfMax, LOGITS } from "./softmax-rows";
import { parameter, scratch, targets } from "./workspace";

/*
 * Derivatives of the cross-entropy of rows by the formulas of core: -f_c / p_c for probabilities, of which a label has
 * one alone, and (W - f_c) p_c - f_c (1 - p_c) for logits, p their soft-max and W the sum of the factors
 * f_c = t_c keep + smoothing / C (parameters 0 and 1). A NaN anywhere in a row makes all of it NaN.
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
      store<f64>(to + (<usize>y << 3), -1 / <f64>load<T>(row + <usize>y * sizeof<T>()));
    } else softmaxSlopes<T>(row, y, classes, to);
  }
  return true;
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
    const row = x + at * sizeof<T>();
    const to = out + (at << 3);
    let done: bool;
    if (kind == CCE_LOGITS) done = logitRow<T>(target, targetType, row, r, classes, to);
    else done = probabilityRow<T>(target, targetType, row, r, classes, to);
    if (!done) return false;
  }
  return true;
}

function fill(to: usize, classes: i32, value: f64): void {
  for (let j: usize = 0; j < <usize>classes; j++) store<f64>(to + (j << 3), value);
}

/** Doubles of `count` targets of a row; 0 where one is refused. */
function readTargets(target: usize, type: i32, first: i32, count: i32): usize {
  const t = toDoubles(target, type, first, count, targets());
  return isOutsideUnit<f64>(t, (count + 7) & ~7) ? 0 : t;
}

function probabilityRow<T>(target: usize, type: i32, x: usize, row: i32, classes: i32, to: usize): bool {
  const found = scan<T>(x, classes);
  if (found == OUTSIDE) return false;
  const nan = found == HAS_NAN ? NaN : 0;
  const spread = parameter(1) / <f64>classes;
  for (let from = 0; from < classes; from += LOGITS) {
    const count = min(LOGITS, classes - from);
    const t = readTargets(target, type, row * classes + from, count);
    if (t == 0) return false;
    for (let i: usize = 0; i < <usize>count; i++) {
      const c = <usize>from + i;
      const f = load<f64>(t + (i << 3)) * parameter(0) + spread;
      store<f64>(to + (c << 3), (f == 0 ? 0 : -f / <f64>load<T>(x + c * sizeof<T>())) + nan);
    }
  }
  return true;
}

function logitRow<T>(target: usize, type: i32, x: usize, row: i32, classes: i32, to: usize): bool {
  const top = <usize>indexOfMax<T>(x, classes);
  if (!exponentialsTo<T>(x, classes, to)) shiftedTo<T>(x, classes, to);
  const own = to + (top << 3);
  const largest = load<f64>(own);
  store<f64>(own, 0);
  const others = carefulSumOf(to, classes);
  store<f64>(own, largest);
  const total = others + largest;
  const spread = parameter(1) / <f64>classes;
  let weight: f64 = 0;
  let rest: f64 = 0;
  for (let from = 0; from < classes; from += LOGITS) {
    const count = min(LOGITS, classes - from);
    const t = readTargets(target, type, row * classes + from, count);
    if (t == 0) return false;
    for (let i: usize = 0; i < <usize>count; i++) {
      const f = load<f64>(t + (i << 3)) * parameter(0) + spread;
      const next = weight + f;
      const back = next - weight;
      rest += weight - (next - back) + (f - back);
      weight = next;
    }
  }
  for (let from = 0; from < classes; from += LOGITS) {
    const count = min(LOGITS, classes - from);
    const t = toDoubles(target, type, row * classes + from, count, targets());
    for (let i: usize = 0; i < <usize>count; i++) {
      const c = <usize>from + i;
      const f = load<f64>(t + (i << 3)) * parameter(0) + spread;
      const e = load<f64>(to + (c << 3));
      const left = c == top ? others : largest + (others - e);
      store<f64>(to + (c << 3), ((weight - f + rest) * e - f * left) / total);
    }
  }
  return true;
}
