import { logarithmOfOnePlus, logarithmOfOnePlus2 } from "./logarithm";
import { part, power, power2 } from "./power";
import { indexOfMax, quotients, shiftedOwn, shiftedSum } from "./softmax-rows";
import { losses, parameter, scratch } from "./workspace";

/* Cross-entropy and focal loss of rows of logits with labels: parameters 7 alpha, 8 twice gamma, 9 the label to ignore. */
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
  const slow = scratch(4);
  const slowRows = quotients<T>(ys, x, rows, classes, slow);
  finish(kind, rows);
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

function finish(kind: i32, rows: i32): void {
  const alpha = f64x2.splat(parameter(7));
  const twiceGamma = <i32>parameter(8);
  for (let at = losses(), end = at + (<usize>rows << 3); at < end; at += 16) {
    const s = v128.load(at);
    let loss = logarithmOfOnePlus2(s);
    if (kind == FOCAL_SOFTMAX) {
      const wrong = f64x2.div(s, f64x2.add(f64x2.splat(1), s));
      loss = f64x2.mul(alpha, f64x2.mul(power2(wrong, twiceGamma), loss));
    }
    v128.store(at, loss);
  }
}

/** One row of any logits, by the formulas of core. */
function slowRow<T>(kind: i32, y: i32, x: usize, classes: i32): f64 {
  const top = indexOfMax<T>(x, classes);
  const s = shiftedSum<T>(x, classes, top, y);
  const far = y == top ? 0 : <f64>load<T>(x + <usize>top * sizeof<T>()) - <f64>load<T>(x + <usize>y * sizeof<T>());
  const loss = far + logarithmOfOnePlus(s);
  if (kind == SCCE_LOGITS) return loss;
  const wrong = (y == top ? s : 1 + (s - shiftedOwn)) / (1 + s);
  return part(parameter(7), power(wrong, <i32>parameter(8)) * loss);
}
