import { LEAST_BASE, raised, raised2 } from "./focal";
import { logarithm2, logarithmOfOnePlus, logarithmOfOnePlus2, restOfOnePlus2 } from "./logarithm";
import { part } from "./power";
import { productError, productError2, sumError } from "./rounding";
import { indexOfMax, quotients, shiftedOwn, shiftedOwnRest, shiftedRest, shiftedSum } from "./softmax-rows";
import { splat } from "./vector";
import { classFactor, losses, parameter, rests, scratch } from "./workspace";

/* Cross-entropy and focal loss of rows of logits with labels: parameters 7 alpha, 8 twice gamma, 9 the label to ignore; an
 * alpha for each class is the factor of the class. */
export const SCCE_LOGITS: i32 = 9;
export const FOCAL_SOFTMAX: i32 = 10;

/** Labels that are none: a NaN, whose row costs NaN, and the one to ignore, whose rows cost 0. */
export const UNKNOWN: i32 = -1;
export const IGNORED: i32 = -2;

/**
 * Writes the losses of up to BLOCK rows. `labels` are doubles.
 * @returns false where a label is refused.
 */
export function labelled<T>(kind: i32, labels: usize, x: usize, rows: i32, classes: i32): bool {
  const ys = scratch(2);
  if (!readLabels(labels, rows, classes, ys)) return false;
  // Rows are finished in pairs: what fills up the last one must be the label of a class.
  if ((rows & 1) != 0) store<i32>(ys + (<usize>rows << 2), UNKNOWN);
  const slow = scratch(4);
  const slowRows = quotients<T>(ys, x, rows, classes, slow, kind == FOCAL_SOFTMAX);
  finish(kind, ys, rows);
  for (let k: usize = 0; k < <usize>slowRows; k++) {
    const i = <usize>load<u16>(slow + (k << 1));
    const row = x + i * <usize>classes * sizeof<T>();
    store<f64>(losses() + (i << 3), slowRow<T>(kind, max(0, load<i32>(ys + (i << 2))), row, classes));
  }
  dropUnlabelled(ys, rows);
  return true;
}

/** Writes labels as i32. @returns false for a number that is no class. */
export function readLabels(labels: usize, rows: i32, classes: i32, out: usize): bool {
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

/** Writes what rows without a label cost. */
export function dropUnlabelled(ys: usize, rows: i32): void {
  for (let r: usize = 0; r < <usize>rows; r++) {
    const y = load<i32>(ys + (r << 2));
    if (y < 0) store<f64>(losses() + (r << 3), y == IGNORED ? 0 : NaN);
  }
}

function finish(kind: i32, ys: usize, rows: i32): void {
  const end = <usize>rows << 3;
  if (kind == SCCE_LOGITS) {
    for (let i: usize = 0; i < end; i += 16) {
      v128.store(losses() + i, logarithmOfOnePlus2(v128.load(losses() + i), v128.load(rests() + i)));
    }
    return;
  }
  const twiceGamma = <i32>parameter(8);
  for (let i: usize = 0; i < end; i += 16) {
    const s = v128.load(losses() + i);
    const u = f64x2.add(splat(1), s);
    const uRest = f64x2.add(restOfOnePlus2(s, u), v128.load(rests() + i));
    const entropy = logarithm2(u, f64x2.div(uRest, u));
    const wrong = f64x2.div(s, u);
    const product = f64x2.mul(wrong, u);
    const left = f64x2.sub(f64x2.sub(s, product), productError2(wrong, u, product));
    const rest = f64x2.div(
      f64x2.add(f64x2.add(left, v128.load(rests() + i)), f64x2.mul(f64x2.neg(wrong), uRest)),
      u,
    );
    const loss = raised2(wrong, rest, entropy, splat(0), twiceGamma);
    const alpha = f64x2.replace_lane(splat(alphaOf(ys + (i >> 1))), 1, alphaOf(ys + (i >> 1) + 4));
    v128.store(losses() + i, f64x2.mul(alpha, loss));
    if (v128.any_true(f64x2.lt(wrong, splat(LEAST_BASE)))) {
      finishTiny(i, ys, f64x2.extract_lane(wrong, 0), f64x2.extract_lane(rest, 0), f64x2.extract_lane(entropy, 0));
      finishTiny(i + 8, ys, f64x2.extract_lane(wrong, 1), f64x2.extract_lane(rest, 1), f64x2.extract_lane(entropy, 1));
    }
  }
}

/** The factor of a focal loss, of all rows or of the row's class. */
// @ts-ignore: decorator
@inline
function alphaOf(y: usize): f64 {
  return parameter(7) * classFactor(max(0, load<i32>(y)));
}

/** The focal loss of a row whose power could vanish before its rest does. */
function finishTiny(at: usize, ys: usize, wrong: f64, rest: f64, entropy: f64): void {
  if (wrong >= LEAST_BASE) return;
  store<f64>(losses() + at, alphaOf(ys + (at >> 1)) * raised(wrong, rest, entropy, 0, <i32>parameter(8)));
}

/** One row of any logits, by the formulas of core. */
function slowRow<T>(kind: i32, y: i32, x: usize, classes: i32): f64 {
  const top = indexOfMax<T>(x, classes);
  const s = shiftedSum<T>(x, classes, top, y, 0);
  const m = <f64>load<T>(x + <usize>top * sizeof<T>());
  const v = <f64>load<T>(x + <usize>y * sizeof<T>());
  const far = y == top ? 0 : m - v;
  const log = logarithmOfOnePlus(s, shiftedRest);
  const entropy = far + log;
  if (kind == SCCE_LOGITS) return entropy;
  const entropyRest = y == top ? 0 : sumError(far, log, entropy) + sumError(m, -v, far);
  // 1 - p_y = a / d, both with what rounding takes from them.
  const d = 1 + s;
  const dRest = sumError(1, s, d) + shiftedRest;
  const a = y == top ? s : d - shiftedOwn;
  const aRest = y == top ? shiftedRest : sumError(d, -shiftedOwn, a) + dRest - shiftedOwnRest;
  const wrong = a / d;
  const product = wrong * d;
  // The smallest numbers' products have no error that could be kept.
  const left = a < 1e-280 ? 0 : a - product - productError(wrong, d, product) - wrong * dRest;
  return part(parameter(7) * classFactor(y), raised(wrong, (left + aRest) / d, entropy, entropyRest, <i32>parameter(8)));
}
