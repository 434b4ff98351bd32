import { F32, F64, isOutsideUnit, toDoubles } from "./columns";
import { logarithmOfOnePlus, logarithmOfOnePlus2 } from "./logarithm";
import { indexOfMax, LOGITS, quotients, shiftedRest, shiftedSum } from "./softmax-rows";
import { productError, sumError } from "./rounding";
import { pairRest, pairSumOf } from "./row-sum";
import { rowTargets } from "./row-targets";
import { classFactor, classFactors, losses, parameter, predictions, rests, scratch } from "./workspace";

/*
 * Cross-entropy of rows of C logits with targets t that are distributions: with f_c = (t_c keep + smoothing / C) w_c
 * (parameters 0 and 1; w the factors of the classes), m the largest logit and -ln p_c = (m - x_c) + ln(1 + s),
 *
 *     l = sum of f_c (m - x_c) + (sum of f_c) ln(1 + s).
 */
export const CCE_LOGITS: i32 = 12;

/** Writes the losses of up to BLOCK rows. @returns false where a target is refused. */
export function distributed<T>(target: usize, targetType: i32, x: usize, first: i32, rows: i32, classes: i32): bool {
  const tops = scratch(2);
  const stride = <usize>classes * sizeof<T>();
  for (let r: usize = 0; r < <usize>rows; r++) {
    store<i32>(tops + (r << 2), indexOfMax<T>(x + r * stride, classes));
  }
  const slow = scratch(4);
  const slowRows = quotients<T>(tops, x, rows, classes, slow, true);
  for (let i: usize = 0; i < <usize>rows << 3; i += 16) {
    v128.store(losses() + i, logarithmOfOnePlus2(v128.load(losses() + i), v128.load(rests() + i)));
  }
  for (let k: usize = 0; k < <usize>slowRows; k++) {
    const i = <usize>load<u16>(slow + (k << 1));
    const s = shiftedSum<T>(x + i * stride, classes, load<i32>(tops + (i << 2)), 0, 0);
    store<f64>(losses() + (i << 3), logarithmOfOnePlus(s, shiftedRest));
  }
  for (let r = 0; r < rows; r++) {
    const top = load<i32>(tops + (<usize>r << 2));
    if (!weighRow<T>(target, targetType, x + <usize>r * stride, first + r, r, classes, top)) return false;
  }
  return true;
}

/** Turns ln(1 + s) of a row into its loss. */
function weighRow<T>(target: usize, targetType: i32, x: usize, row: i32, r: i32, classes: i32, top: i32): bool {
  const keep = f64x2.splat(parameter(0));
  const spread = f64x2.splat(parameter(1) / <f64>classes);
  const zero = f64x2.splat(0);
  const m = f64x2.splat(<f64>load<T>(x + <usize>top * sizeof<T>()));
  const weights = classFactors();
  const factors = scratch(0);
  const gaps = scratch(1);
  const log = load<f64>(losses() + (<usize>r << 3));
  let weight: f64 = 0;
  let weightRest: f64 = 0;
  let gap: f64 = 0;
  let gapRest: f64 = 0;
  for (let from = 0; from < classes; from += LOGITS) {
    const count = min(LOGITS, classes - from);
    const t = rowTargets(target, targetType, row * classes + from, count, classes);
    const v = toDoubles(x, sizeof<T>() == 4 ? F32 : F64, from, count, predictions());
    if (isOutsideUnit<f64>(t, (count + 7) & ~7)) return false;
    for (let i: usize = 0; i < <usize>count << 3; i += 16) {
      let f = f64x2.add(f64x2.mul(v128.load(t + i), keep), spread);
      if (weights != 0) f = f64x2.mul(f, v128.load(weights + (<usize>from << 3) + i));
      v128.store(factors + i, f);
      // A factor of 0 leaves nothing even of an infinite gap.
      v128.store(gaps + i, v128.and(f64x2.mul(f, f64x2.sub(m, v128.load(v + i))), f64x2.ne(f, zero)));
    }
    const part = pairSumOf(factors, count);
    weightRest += sumError(weight, part, weight + part) + pairRest;
    weight += part;
    const gapPart = pairSumOf(gaps, count);
    gapRest += sumError(gap, gapPart, gap + gapPart) + pairRest;
    gap += gapPart;
  }
  if (!(gap < Infinity)) {
    gap = farGap<T>(target, targetType, x, row, classes, top);
    gapRest = 0;
  }
  // Where log is NaN so is the loss, even with no weight.
  const loss = log == log && weight == 0 ? gap : weighedSum(gap, gapRest, weight, weightRest, log);
  store<f64>(losses() + (<usize>r << 3), loss);
  return true;
}

/** gap + weight log, both with their rests, rounded once. */
function weighedSum(gap: f64, gapRest: f64, weight: f64, weightRest: f64, log: f64): f64 {
  const product = weight * log;
  const sum = gap + product;
  let rest = sumError(gap, product, sum) + gapRest + weightRest * log;
  // The smallest products have no error that could be kept.
  if (product > 1e-280) rest += productError(weight, log, product);
  // Nor have infinite ones.
  return rest - rest == 0 ? sum + rest : sum;
}

/** The sum of f_c (m - x_c) where a difference overflows or is none; the largest logit's own is 0, even if infinite. */
function farGap<T>(target: usize, targetType: i32, x: usize, row: i32, classes: i32, top: i32): f64 {
  const m = <f64>load<T>(x + <usize>top * sizeof<T>());
  let sum: f64 = 0;
  for (let c = 0; c < classes; c++) {
    const t = load<f64>(rowTargets(target, targetType, row * classes + c, 1, classes));
    const f = (t * parameter(0) + parameter(1) / <f64>classes) * classFactor(c);
    if (f == 0 || c == top) continue;
    const v = <f64>load<T>(x + <usize>c * sizeof<T>());
    const gap = m - v;
    sum += gap == Infinity ? 2 * f * (m / 2 - v / 2) : f * gap;
  }
  return sum;
}
