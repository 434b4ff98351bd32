import { exponential, exponentials } from "./exponential";
import { carefulSumOf } from "./row-sum";
import { indexOfMax } from "./softmax-rows";
import { scratch } from "./workspace";

/*
 * The derivatives of -ln p_y by the logits of a row, p its soft-max: p_j, and p_y - 1 = -(sum of the others) / (sum of
 * all) for the label y, so that small ones keep their digits.
 */

/** Writes the derivatives of a row with the label y. */
export function softmaxSlopes<T>(x: usize, y: i32, classes: i32, to: usize): void {
  if (!exponentialsTo<T>(x, classes, to)) shiftedTo<T>(x, classes, to);
  const own = to + (<usize>y << 3);
  const e = load<f64>(own);
  store<f64>(own, 0);
  const others = carefulSumOf(to, classes);
  const total = others + e;
  store<f64>(own, -others);
  const divisor = f64x2.splat(total);
  const end = to + (<usize>(classes & ~1) << 3);
  let at = to;
  for (; at < end; at += 16) v128.store(at, f64x2.div(v128.load(at), divisor));
  if ((classes & 1) != 0) store<f64>(at, load<f64>(at) / total);
}

/** Exponentials of a row; false where one is of a logit beyond 340. */
// @ts-ignore: decorator
@inline
export function exponentialsTo<T>(x: usize, classes: i32, to: usize): bool {
  const whole = classes & ~3;
  let tame = exponentials<T>(x, whole, to);
  if (whole < classes) {
    const group = scratch(3);
    v128.store(group, i64x2.splat(0));
    v128.store(group, i64x2.splat(0), 16);
    memory.copy(group, x + <usize>whole * sizeof<T>(), <usize>(classes - whole) * sizeof<T>());
    if (!exponentials<T>(group, 4, group + 32)) tame = false;
    memory.copy(to + (<usize>whole << 3), group + 32, <usize>(classes - whole) << 3);
  }
  return tame;
}

/** Exponentials of any logits, less the largest, and corrected for what rounding took from the difference. */
export function shiftedTo<T>(x: usize, classes: i32, to: usize): void {
  const top = <usize>indexOfMax<T>(x, classes);
  const m = <f64>load<T>(x + top * sizeof<T>());
  for (let j: usize = 0; j < <usize>classes; j++) {
    const v = <f64>load<T>(x + j * sizeof<T>());
    const d = v - m;
    let e: f64 = 0;
    if (j == top) e = m == m ? 1 : m;
    else if (!(d < -746)) {
      e = exponential(d);
      const back = d - v;
      e += e * (v - (d - back) - (m + back));
    }
    store<f64>(to + (j << 3), e);
  }
}
