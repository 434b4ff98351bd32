import { part, power } from "./power";
import { HALF_MASK, productError2 } from "./rounding";
import { splat } from "./vector";
import { parameter } from "./workspace";

/*
 * A focal loss raises 1 - p_t to a power, which multiplies what rounding takes from it: it is kept as the sum of two
 * doubles. Parameters: 7 alpha (below 0: none), 8 twice gamma.
 */

/** Whether all targets are 0 or 1. */
export function areHard<T>(targets: usize, count: i32): bool {
  let hard = i64x2.splat(-1);
  for (const end = targets + <usize>count * sizeof<T>(); targets < end; targets += 16) {
    const t = v128.load(targets);
    if (sizeof<T>() == 4) {
      hard = v128.and(hard, v128.or(f32x4.eq(t, f32x4.splat(0)), f32x4.eq(t, f32x4.splat(1))));
    } else {
      hard = v128.and(hard, v128.or(f64x2.eq(t, f64x2.splat(0)), f64x2.eq(t, f64x2.splat(1))));
    }
  }
  return i64x2.all_true(i64x2.eq(hard, i64x2.splat(-1)));
}

/** (base + rest)^gamma (factor + factorRest), to the first order of both rests. */
// @ts-ignore: decorator
@inline
export function raised2(
  base: v128,
  rest: v128,
  factor: v128,
  factorRest: v128,
  twiceGamma: i32,
): v128 {
  if (twiceGamma == 4) {
    const square = f64x2.mul(base, base);
    const lost = squareRest2(base, rest, square);
    return f64x2.add(
      f64x2.mul(square, factor),
      f64x2.add(f64x2.mul(lost, factor), f64x2.mul(square, factorRest)),
    );
  }
  // The power with what rounding takes from it: of a root, then of each product.
  const hasRoot = (twiceGamma & 1) != 0;
  let power = hasRoot ? f64x2.sqrt(base) : f64x2.splat(1);
  let lost = f64x2.splat(0);
  if (hasRoot) {
    const square = f64x2.mul(power, power);
    const error = f64x2.sub(f64x2.sub(base, square), productError2(power, power, square));
    lost = f64x2.div(error, f64x2.add(power, power));
  }
  for (let left = twiceGamma; left >= 2; left -= 2) {
    const product = f64x2.mul(power, base);
    lost = f64x2.add(f64x2.mul(lost, base), productError2(power, base, product));
    power = product;
  }
  const some = f64x2.ne(base, f64x2.splat(0));
  const value = f64x2.mul(power, factor);
  const small = f64x2.div(f64x2.mul(f64x2.splat(0.5 * <f64>twiceGamma), rest), base);
  const more = f64x2.add(
    f64x2.add(f64x2.mul(value, small), f64x2.mul(power, factorRest)),
    f64x2.add(f64x2.mul(lost, factor), productError2(power, factor, value)),
  );
  return f64x2.add(value, v128.and(more, some));
}

/** (base + rest)^2 factor, the square rounded once: by halves of the base, of which the first has an exact square. */
// @ts-ignore: decorator
@inline
export function squared2(base: v128, rest: v128, factor: v128): v128 {
  const high = v128.and(base, v128.load(HALF_MASK));
  const cut = f64x2.mul(f64x2.sub(base, high), f64x2.add(base, high));
  const more = f64x2.add(cut, f64x2.mul(f64x2.add(rest, rest), base));
  return f64x2.mul(f64x2.add(f64x2.mul(high, high), more), factor);
}

/** (base + rest)^2 - square, square being base^2 rounded: by halves of the base, whose squares are exact. */
// @ts-ignore: decorator
@inline
function squareRest2(base: v128, rest: v128, square: v128): v128 {
  const high = v128.and(base, v128.load(HALF_MASK));
  const cut = f64x2.add(
    f64x2.sub(f64x2.mul(high, high), square),
    f64x2.mul(f64x2.sub(base, high), f64x2.add(base, high)),
  );
  return f64x2.add(cut, f64x2.mul(f64x2.add(rest, rest), base));
}

/** alpha t + (1 - alpha) (1 - t). */
// @ts-ignore: decorator
@inline
export function balance2(positive: v128, negative: v128, t: v128): v128 {
  return f64x2.add(f64x2.mul(positive, t), f64x2.mul(negative, f64x2.sub(f64x2.splat(1), t)));
}

// @ts-ignore: decorator
@inline
export function positiveFactor(): v128 {
  const alpha = parameter(7);
  return f64x2.splat(alpha < 0 ? 1 : alpha);
}

// @ts-ignore: decorator
@inline
export function negativeFactor(): v128 {
  const alpha = parameter(7);
  return f64x2.splat(alpha < 0 ? 1 : 1 - alpha);
}

/** balance(t) (wrong + rest)^gamma entropy, of one element. */
export function focalOf(wrong: f64, rest: f64, t: f64, entropy: f64): f64 {
  const alpha = parameter(7);
  const balance = alpha < 0 ? 1 : alpha * t + (1 - alpha) * (1 - t);
  return part(balance, raised(wrong, rest, entropy, 0, <i32>parameter(8)));
}

/** Above it no product of a power and its rest vanishes. */
export const LEAST_BASE: f64 = 1e-100;

/** (base + rest)^gamma (factor + factorRest), of one element, tiny ones too. */
export function raised(base: f64, rest: f64, factor: f64, factorRest: f64, twiceGamma: i32): f64 {
  if (base >= LEAST_BASE) {
    const pair = raised2(splat(base), splat(rest), splat(factor), splat(factorRest), twiceGamma);
    const value = f64x2.extract_lane(pair, 0);
    if (value == value) return value;
  }
  // In this order the square of a tiny number does not vanish before a large factor.
  const once = twiceGamma == 4 ? base * (base * factor) : power(base, twiceGamma) * factor;
  // An infinite factor outgrows a power that is 0 by underflow alone.
  if (once != once) return base == 0 ? 0 : factor;
  return base < 1e-290 || !(once < Infinity) ? once : once + once * ((0.5 * <f64>twiceGamma * rest) / base);
}
