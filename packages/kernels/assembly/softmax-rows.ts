import { exponential, exponentials } from "./exponential";
import { sumOf } from "./row-sum";
import { BLOCK } from "./vector";
import { losses, scratch } from "./workspace";

/*
 * The soft-max of rows of C logits. With e_j = exp(x_j), y one class of the row and s the sum of e_j over j != y,
 * divided by e_y:
 *
 *     -ln p_y = ln(1 + s),    1 - p_y = s / (1 + s):
 *
 * no difference is formed, so that small losses keep all digits. That needs |x_j| <= 340; rows with others are done
 * one by one, shifted by their largest logit. Which way a row goes depends on that row alone.
 */

/** Exponentials of as many logits as the scratch takes, with room for the copies behind. */
export const LOGITS: i32 = BLOCK - 8;

/**
 * Writes s of each row to the losses; `ys` are the classes, i32, those below 0 standing for 0.
 * @returns how many rows hold a logit beyond 340 or NaN: their numbers, u16, stand in `slow`, their s is void.
 */
export function quotients<T>(ys: usize, x: usize, rows: i32, classes: i32, slow: usize): i32 {
  const e = scratch(0);
  const own = scratch(1);
  const stride = <usize>classes * sizeof<T>();
  let slowRows = 0;
  const each = max(1, LOGITS / classes);
  for (let r = 0; r < rows; r += each) {
    const n = min(each, rows - r);
    let tame = true;
    if (classes <= LOGITS) {
      tame = exponentialsOf<T>(x + <usize>r * stride, n * classes, e);
      for (let i = 0; i < n; i++) {
        const at = e + (<usize>(i * classes + max(0, load<i32>(ys + (<usize>(r + i) << 2)))) << 3);
        store<f64>(own + (<usize>(r + i) << 3), load<f64>(at));
        store<f64>(at, 0);
      }
      for (let i = 0; i < n; i++) {
        store<f64>(losses() + (<usize>(r + i) << 3), sumOf(e + (<usize>(i * classes) << 3), classes));
      }
    } else {
      tame = longRow<T>(x + <usize>r * stride, max(0, load<i32>(ys + (<usize>r << 2))), r, classes);
    }
    if (tame) continue;
    for (let i = r; i < r + n; i++) {
      if (isTame<T>(x + <usize>i * stride, classes)) continue;
      store<u16>(slow + (<usize>slowRows << 1), <u16>i);
      slowRows++;
    }
  }
  if ((rows & 1) != 0) {
    store<f64>(own + (<usize>rows << 3), 1);
    store<f64>(losses() + (<usize>rows << 3), 0);
  }
  for (let i: usize = 0; i < <usize>rows << 3; i += 16) {
    v128.store(losses() + i, f64x2.div(v128.load(losses() + i), v128.load(own + i)));
  }
  return slowRows;
}

/** One row of more logits than the scratch takes: the sum of the others' exponentials and the class's own. */
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

/** Whether all |x| <= 340. */
function isTame<T>(x: usize, classes: i32): bool {
  for (let j = 0; j < classes; j++) {
    if (!(Math.abs(<f64>load<T>(x + <usize>j * sizeof<T>())) <= 340)) return false;
  }
  return true;
}

/** The place of the first of the largest logits, as core finds it. */
export function indexOfMax<T>(x: usize, classes: i32): i32 {
  let top = 0;
  let m = <f64>load<T>(x);
  for (let j = 1; j < classes; j++) {
    const v = <f64>load<T>(x + <usize>j * sizeof<T>());
    if (v > m) {
      m = v;
      top = j;
    }
  }
  return top;
}

/** exp(x_y - m) of the last row that `shiftedSum` saw, m its largest logit. */
export let shiftedOwn: f64 = 0;

/** Sums exp(x_j - m) over j != top for any logits, in the order and with the corrections of softmax.ts in core. */
export function shiftedSum<T>(x: usize, classes: i32, top: i32, y: i32): f64 {
  const m = <f64>load<T>(x + <usize>top * sizeof<T>());
  let sum: f64 = m == m ? 0 : NaN;
  let rest: f64 = 0;
  shiftedOwn = 1;
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
    if (j == y) shiftedOwn = e;
  }
  return sum + rest;
}
