import { load2, pair } from "./vector";

/*
 * The losses of d = prediction - target that need no table. Every operation is that of the scalar formula in
 * @lossflow/core, in its order, so that the bits are the same.
 */
export const MSE: i32 = 0;
export const MAE: i32 = 1;
export const HUBER: i32 = 2;
export const SMOOTH_L1: i32 = 3;

const MAGNITUDE = memory.data<i64>([0x7fffffffffffffff, 0x7fffffffffffffff], 16);
const HALF = memory.data<f64>([0.5, 0.5], 16);

/**
 * The losses of two elements. `a` is Huber's delta or the beta of smooth L1, `half` 1/2 for Huber's loss and the half of
 * beta for smooth L1, in both lanes.
 */
// @ts-ignore: decorator
@inline
export function distance2<T>(kind: i32, target: v128, prediction: v128, a: v128, half: v128, magnitude: v128): v128 {
  const difference = f64x2.sub(prediction, target);
  if (kind == MSE) return f64x2.mul(difference, difference);
  const d = v128.and(difference, magnitude);
  if (kind == MAE) return d;
  if (kind == HUBER) {
    // m (d - m / 2) with m = min(d, delta): d^2 / 2 or delta (d - delta / 2). In this order NaN stays.
    const m = f64x2.pmin(d, a);
    return f64x2.mul(m, f64x2.sub(d, f64x2.mul(m, half)));
  }
  const near = f64x2.mul(f64x2.mul(d, v128.load(HALF)), f64x2.div(d, a));
  return v128.bitselect(near, f64x2.sub(d, half), f64x2.lt(d, a));
}

/*
 * Each writes the losses of `count` elements. Functions of their own, and more than one calls each: else the optimizer
 * makes one loop of all, with branches in it.
 */
function squaredErrors<T>(target: usize, prediction: usize, count: i32, out: usize): void {
  write<T>(MSE, target, prediction, count, 0, out);
}

export function absoluteErrors<T>(target: usize, prediction: usize, count: i32, out: usize): void {
  write<T>(MAE, target, prediction, count, 0, out);
}

/** Losses beyond float64 become infinite, and so do those whose difference alone is beyond: {@link distances} mends them. */
function huberLosses<T>(target: usize, prediction: usize, count: i32, delta: f64, out: usize): void {
  write<T>(HUBER, target, prediction, count, delta, out);
}

function smoothLosses<T>(target: usize, prediction: usize, count: i32, beta: f64, out: usize): void {
  write<T>(SMOOTH_L1, target, prediction, count, beta, out);
}

/** Writes the losses of `count` elements, all of whose differences are in the range of float64, else see {@link huberLosses}. */
// @ts-ignore: decorator
@inline
export function distancesInRange<T>(
  kind: i32,
  target: usize,
  prediction: usize,
  count: i32,
  parameter: f64,
  out: usize,
): void {
  if (kind == MSE) squaredErrors<T>(target, prediction, count, out);
  else if (kind == MAE) absoluteErrors<T>(target, prediction, count, out);
  else if (kind == HUBER) huberLosses<T>(target, prediction, count, parameter, out);
  else smoothLosses<T>(target, prediction, count, parameter, out);
}

/** Writes the losses of `count` elements, whatever their differences are. */
export function distances<T>(kind: i32, target: usize, prediction: usize, count: i32, parameter: f64, out: usize): void {
  distancesInRange<T>(kind, target, prediction, count, parameter, out);
  if (kind != HUBER || sizeof<T>() == 4) return;
  for (let i = 0; i < count; i++) {
    const at = <usize>i << 3;
    if (load<f64>(out + at) == Infinity) {
      const p = load<f64>(prediction + at);
      const t = load<f64>(target + at);
      // The difference of two far numbers overflows before their loss does.
      if (p - t - (p - t) != 0) store<f64>(out + at, 2 * (parameter * (Math.abs(p / 2 - t / 2) - parameter / 4)));
    }
  }
}

// @ts-ignore: decorator
@inline
function write<T>(kind: i32, target: usize, prediction: usize, count: i32, parameter: f64, out: usize): void {
  const a = f64x2.splat(parameter);
  const magnitude = v128.load(MAGNITUDE);
  const half = kind == HUBER ? v128.load(HALF) : f64x2.splat(parameter / 2);
  const width = 2 * sizeof<T>();
  const end = out + (<usize>(count & ~1) << 3);
  if (count >= 8) {
    let x0 = distance2<T>(kind, pair<T>(0, target), pair<T>(0, prediction), a, half, magnitude);
    let x1 = distance2<T>(kind, pair<T>(1, target), pair<T>(1, prediction), a, half, magnitude);
    let x2 = distance2<T>(kind, pair<T>(2, target), pair<T>(2, prediction), a, half, magnitude);
    let x3 = distance2<T>(kind, pair<T>(3, target), pair<T>(3, prediction), a, half, magnitude);
    // What a turn stores was computed in the one before: V8 joins loads with conversions only where no store stands between.
    for (const last = out + (<usize>(count & ~7) << 3) - 64; out < last; out += 64) {
      target += 4 * width;
      prediction += 4 * width;
      store8(out, x0, x1, x2, x3);
      x0 = distance2<T>(kind, pair<T>(0, target), pair<T>(0, prediction), a, half, magnitude);
      x1 = distance2<T>(kind, pair<T>(1, target), pair<T>(1, prediction), a, half, magnitude);
      x2 = distance2<T>(kind, pair<T>(2, target), pair<T>(2, prediction), a, half, magnitude);
      x3 = distance2<T>(kind, pair<T>(3, target), pair<T>(3, prediction), a, half, magnitude);
    }
    store8(out, x0, x1, x2, x3);
    target += 4 * width;
    prediction += 4 * width;
    out += 64;
  }
  while (out < end) {
    v128.store(out, distance2<T>(kind, load2<T>(target), load2<T>(prediction), a, half, magnitude));
    target += width;
    prediction += width;
    out += 16;
  }
  if ((count & 1) != 0) {
    const t = f64x2.splat(<f64>load<T>(target));
    const p = f64x2.splat(<f64>load<T>(prediction));
    v128.store64_lane(out, distance2<T>(kind, t, p, a, half, magnitude), 0);
  }
}

// @ts-ignore: decorator
@inline
function store8(out: usize, x0: v128, x1: v128, x2: v128, x3: v128): void {
  v128.store(out, x0);
  v128.store(out, x1, 16);
  v128.store(out, x2, 32);
  v128.store(out, x3, 48);
}
