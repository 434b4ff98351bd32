import { power2 } from "./binary";
import { exponential, exponentials } from "./exponential";
import { logarithmOfOnePlus, logarithmOfOnePlus2 } from "./logarithm";
import { addLanes, BLOCK } from "./vector";
import { losses, parameter, scratch } from "./workspace";

/*
 * Losses of rows of C logits with labels, at most BLOCK rows at a time. With e_j = exp(x_j) and s the sum of e_j over
 * j != y, divided by e_y:
 *
 *     -ln p_y = ln(1 + s),    1 - p_y = s / (1 + s):
 *
 * no difference is formed, so that small losses keep all digits. That needs |x_j| <= 340; rows with others are done
 * one by one, shifted by their largest logit. Which way a row goes depends on that row alone.
 */
export const SCCE_LOGITS: i32 = 9;
export const FOCAL_SOFTMAX: i32 = 10;

/** Exponentials of as many logits as the scratch takes, with room for the copies behind. */
const LOGITS: i32 = BLOCK - 8;

/** Labels that are none: a NaN, whose row costs NaN, and parameter 9, whose rows cost 0. */
const UNKNOWN: i32 = -1;
const IGNORED: i32 = -2;

/**
 * Writes the losses of `rows` rows. `labels` are doubles.
 * @returns false where a label is refused.
 */
export function labelled<T>(kind: i32, labels: usize, x: usize, rows: i32, classes: i32): bool {
  const e = scratch(0);
  const own = scratch(1);
  const ys = scratch(2);
  if (!readLabels(labels, rows, classes, ys)) return false;
  const slow = scratch(4);
  const stride = <usize>classes * sizeof<T>();
  let slowRows = 0;
  const each = max(1, LOGITS / classes);
  for (let r = 0; r < rows; r += each) {
    const n = min(each, rows - r);
    const from = x + <usize>r * stride;
    let tame = true;
    if (classes <= LOGITS) {
      tame = exponentialsOf<T>(from, n * classes, e);
      for (let i = 0; i < n; i++) {
        const at = e + (<usize>(i * classes + max(0, load<i32>(ys + (<usize>(r + i) << 2)))) << 3);
        store<f64>(own + (<usize>(r + i) << 3), load<f64>(at));
        store<f64>(at, 0);
      }
      for (let i = 0; i < n; i++) {
        store<f64>(losses() + (<usize>(r + i) << 3), sumOf(e + (<usize>(i * classes) << 3), classes));
      }
    } else {
      tame = longRow<T>(from, max(0, load<i32>(ys + (<usize>r << 2))), r, classes);
    }
    for (let i = r; i < r + n; i++) {
      if (load<i32>(ys + (<usize>i << 2)) < 0 || (!tame && !isTame<T>(x + <usize>i * stride, classes))) {
        store<u16>(slow + (<usize>slowRows << 1), <u16>i);
        slowRows++;
      }
    }
  }
  if ((rows & 1) != 0) {
    store<f64>(own + (<usize>rows << 3), 1);
    store<f64>(losses() + (<usize>rows << 3), 0);
  }
  finishRows(kind, own, rows);
  for (let k = 0; k < slowRows; k++) {
    const i = <usize>load<u16>(slow + (<usize>k << 1));
    store<f64>(losses() + (i << 3), slowRow<T>(kind, load<i32>(ys + (i << 2)), x + i * stride, classes));
  }
  return true;
}

/** Writes labels as i32. @returns false for a number that is no class. */
function readLabels(labels: usize, rows: i32, classes: i32, out: usize): bool {
  const ignored = parameter(9);
  for (let r: usize = 0; r < <usize>rows; r++) {
    const label = load<f64>(labels + (r << 3));
    let y = UNKNOWN;
    if (label == ignored) y = IGNORED;
    else if (label == label) {
      if (!(label >= 0 && label < <f64>classes)) return false;
      y = <i32>label;
      if (<f64>y != label) return false;
    }
    store<i32>(out + (r << 2), y);
  }
  return true;
}

/** One row of more logits than the scratch takes: the sum of the others' exponentials and the label's own. */
function longRow<T>(x: usize, y: i32, r: i32, classes: i32): bool {
  const e = scratch(0);
  let tame = true;
  let sum: f64 = 0;
  for (let first = 0; first < classes; first += LOGITS) {
    const count = min(LOGITS, classes - first);
    if (!exponentialsOf<T>(x + <usize>first * sizeof<T>(), count, e)) tame = false;
    if (y >= first && y < first + count) {
      const at = e + (<usize>(y - first) << 3);
      store<f64>(scratch(1) + (<usize>r << 3), load<f64>(at));
      store<f64>(at, 0);
    }
    sum += sumOf(e, count);
  }
  store<f64>(losses() + (<usize>r << 3), sum);
  return tame;
}

function finishRows(kind: i32, own: usize, rows: i32): void {
  const alpha = f64x2.splat(parameter(7));
  const twiceGamma = <i32>parameter(8);
  for (let at = losses(), end = at + (<usize>rows << 3); at < end; at += 16, own += 16) {
    const s = f64x2.div(v128.load(at), v128.load(own));
    let loss = logarithmOfOnePlus2(s);
    if (kind == FOCAL_SOFTMAX) {
      const wrong = f64x2.div(s, f64x2.add(f64x2.splat(1), s));
      loss = f64x2.mul(alpha, f64x2.mul(power2(wrong, twiceGamma), loss));
    }
    v128.store(at, loss);
  }
}

/** As `exponentials`, for any count: the last group is completed with zeros. */
// @ts-ignore: decorator
@inline
function exponentialsOf<T>(x: usize, count: i32, out: usize): bool {
  const whole = count & ~3;
  let tame = exponentials<T>(x, whole, out);
  if (whole < count) {
    const group = scratch(3);
    v128.store(group, i64x2.splat(0));
    v128.store(group, i64x2.splat(0), 16);
    memory.copy(group, x + <usize>whole * sizeof<T>(), <usize>(count - whole) * sizeof<T>());
    if (!exponentials<T>(group, 4, out + (<usize>whole << 3))) tame = false;
  }
  return tame;
}

/** Adds doubles in an order that depends on their count alone, 32 at a time. */
function sumOf(values: usize, count: i32): f64 {
  let total = f64x2.splat(0);
  let at = values;
  const end = values + (<usize>(count & ~1) << 3);
  for (const last = values + (<usize>(count & ~31) << 3); at < last; at += 256) {
    const a = f64x2.add(f64x2.add(v128.load(at), v128.load(at, 16)), f64x2.add(v128.load(at, 32), v128.load(at, 48)));
    const b = f64x2.add(f64x2.add(v128.load(at, 64), v128.load(at, 80)), f64x2.add(v128.load(at, 96), v128.load(at, 112)));
    const c = f64x2.add(f64x2.add(v128.load(at, 128), v128.load(at, 144)), f64x2.add(v128.load(at, 160), v128.load(at, 176)));
    const d = f64x2.add(f64x2.add(v128.load(at, 192), v128.load(at, 208)), f64x2.add(v128.load(at, 224), v128.load(at, 240)));
    total = f64x2.add(total, f64x2.add(f64x2.add(a, b), f64x2.add(c, d)));
  }
  let rest = f64x2.splat(0);
  for (; at < end; at += 16) rest = f64x2.add(rest, v128.load(at));
  if ((count & 1) != 0) rest = f64x2.add(rest, v128.load64_zero(at));
  return addLanes(f64x2.add(total, rest));
}

/** Whether all |x| <= 340. */
function isTame<T>(x: usize, classes: i32): bool {
  for (let j = 0; j < classes; j++) {
    if (!(Math.abs(<f64>load<T>(x + <usize>j * sizeof<T>())) <= 340)) return false;
  }
  return true;
}

/** One row of any logits, by the formulas and in the order of softmax.ts in @lossflow/core. */
function slowRow<T>(kind: i32, y: i32, x: usize, classes: i32): f64 {
  if (y < 0) return y == IGNORED ? 0 : NaN;
  let top = 0;
  for (let j = 1; j < classes; j++) {
    if (<f64>load<T>(x + <usize>j * sizeof<T>()) > <f64>load<T>(x + <usize>top * sizeof<T>())) top = j;
  }
  const m = <f64>load<T>(x + <usize>top * sizeof<T>());
  let sum: f64 = m == m ? 0 : NaN;
  let rest: f64 = 0;
  let own: f64 = 1;
  for (let j = 0; j < classes; j++) {
    if (j == top) continue;
    const v = <f64>load<T>(x + <usize>j * sizeof<T>());
    const d = v - m;
    let e: f64 = 0;
    if (!(d < -746)) {
      e = exponential(d);
      const back = d - v;
      const correction = e * (v - (d - back) - (m + back));
      const next = sum + e;
      rest += (sum < e ? e - next + sum : sum - next + e) + correction;
      sum = next;
      e += correction;
    }
    if (j == y) own = e;
  }
  const s = sum + rest;
  const far = y == top ? 0 : m - <f64>load<T>(x + <usize>y * sizeof<T>());
  const loss = far + logarithmOfOnePlus(s);
  if (kind == SCCE_LOGITS) return loss;
  const wrong = (y == top ? s : 1 + (s - own)) / (1 + s);
  const focus = f64x2.extract_lane(power2(f64x2.splat(wrong), <i32>parameter(8)), 0);
  return parameter(7) == 0 ? 0 : parameter(7) * (focus * loss);
}
