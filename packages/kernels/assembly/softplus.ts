import { SOFTPLUS_TAILS } from "./tables.generated";
import { high, load2, low } from "./vector";
import { exponential } from "./exponential";

/*
 * f(a) = ln(1 + e^-a) for a from 0 to 40: a polynomial of degree 7 about the nearest multiple of 1/16, from a table.
 * Its derivative is -1 / (1 + e^a): the smaller of sigmoid(x) and sigmoid(-x), |x| = a, is there for the asking.
 * Errors below 1 unit in the last place of f, below 2 of its derivative. Beyond 40 f(a) = e^-a to the last digit; those are done one by one.
 */
const STEPS = memory.data<f64>(
  [16.0, 16.0, 0.0625, 0.0625, 40.0, 40.0, 6755399441055744.0, 6755399441055744.0],
  16,
);
const FACTORS = memory.data<f64>([4.0, 4.0, 6.0, 6.0, 0.125, 0.125], 16);

export const FAR: f64 = 40;

/**
 * Writes for each of `count` numbers x, a multiple of 4, where |x| stands to the table: `offsets` the row (i32, in
 * bytes), `rests` the distance from it.
 * @returns whether some |x| is above FAR; NaN is not.
 */
export function locate<T>(x: usize, count: i32, offsets: usize, rests: usize): bool {
  let far = i64x2.splat(0);
  const width = 2 * sizeof<T>();
  const end = x + <usize>count * sizeof<T>();
  for (let at = x; at < end; at += 2 * width, rests += 32, offsets += 16) {
    const step = v128.load(STEPS);
    const back = v128.load(STEPS, 16);
    const limit = v128.load(STEPS, 32);
    const shifter = v128.load(STEPS, 48);
    const a = f64x2.abs(load2<T>(at));
    const b = f64x2.abs(load2<T>(at + width));
    far = v128.or(far, v128.or(f64x2.gt(a, limit), f64x2.gt(b, limit)));
    // In this order NaN becomes 40, and the row stays within the table.
    const c = f64x2.pmin(limit, a);
    const d = f64x2.pmin(limit, b);
    const i = f64x2.add(f64x2.mul(c, step), shifter);
    const j = f64x2.add(f64x2.mul(d, step), shifter);
    v128.store(rests, f64x2.sub(c, f64x2.mul(f64x2.sub(i, shifter), back)));
    v128.store(rests, f64x2.sub(d, f64x2.mul(f64x2.sub(j, shifter), back)), 16);
    v128.store(offsets, i32x4.shl(v128.shuffle<i32>(i, j, 0, 2, 4, 6), 6));
  }
  return v128.any_true(far);
}

/** f(a) of two numbers that were located. `tails` does the same; a pair of results does not come out of a function. */
// @ts-ignore: decorator
@inline
export function tail2(offsets: usize, rests: usize): v128 {
  const p = SOFTPLUS_TAILS + <usize>load<i32>(offsets);
  const q = SOFTPLUS_TAILS + <usize>load<i32>(offsets, 4);
  const r = v128.load(rests);
  const r2 = f64x2.mul(r, r);
  const p0 = v128.load(p);
  const q0 = v128.load(q);
  const a = f64x2.add(low(p0, q0), f64x2.mul(r, high(p0, q0)));
  const p1 = v128.load(p, 16);
  const q1 = v128.load(q, 16);
  const b = f64x2.add(low(p1, q1), f64x2.mul(r, high(p1, q1)));
  const p2 = v128.load(p, 32);
  const q2 = v128.load(q, 32);
  const c = f64x2.add(low(p2, q2), f64x2.mul(r, high(p2, q2)));
  const p3 = v128.load(p, 48);
  const q3 = v128.load(q, 48);
  const d = f64x2.add(low(p3, q3), f64x2.mul(r, high(p3, q3)));
  return f64x2.add(f64x2.add(a, f64x2.mul(r2, b)), f64x2.mul(f64x2.mul(r2, r2), f64x2.add(c, f64x2.mul(r2, d))));
}

/**
 * Writes f(a) and 1 / (1 + e^a) of `count` numbers that were located: the latter as the sum of two doubles, over their
 * distances and to `lows`, as its powers would multiply its rounding.
 */
export function tails(offsets: usize, rests: usize, lows: usize, count: i32, out: usize): void {
  for (const end = out + (<usize>count << 3); out < end; out += 16, rests += 16, lows += 16, offsets += 8) {
    const p = SOFTPLUS_TAILS + <usize>load<i32>(offsets);
    const q = SOFTPLUS_TAILS + <usize>load<i32>(offsets, 4);
    const r = v128.load(rests);
    const r2 = f64x2.mul(r, r);
    const p0 = v128.load(p);
    const q0 = v128.load(q);
    const c0 = low(p0, q0);
    const c1 = high(p0, q0);
    const p1 = v128.load(p, 16);
    const q1 = v128.load(q, 16);
    const c2 = low(p1, q1);
    const c3 = high(p1, q1);
    const p2 = v128.load(p, 32);
    const q2 = v128.load(q, 32);
    const c4 = low(p2, q2);
    const c5 = high(p2, q2);
    const p3 = v128.load(p, 48);
    const q3 = v128.load(q, 48);
    const c6 = low(p3, q3);
    const c7 = high(p3, q3);
    const r3 = f64x2.mul(r, c3);
    const b = f64x2.add(c2, r3);
    const r5 = f64x2.mul(r, c5);
    const c = f64x2.add(c4, r5);
    const r7 = f64x2.mul(r, c7);
    const d = f64x2.add(c6, r7);
    const a = f64x2.add(i64x2.shl(c7, 48), f64x2.mul(r, c1));
    // 8 c8 r^2.
    const m = f64x2.mul(r2, i64x2.shl(c6, 40));
    const last = f64x2.mul(r2, f64x2.add(d, f64x2.mul(m, v128.load(FACTORS, 32))));
    const tail = f64x2.add(f64x2.mul(r2, b), f64x2.mul(f64x2.mul(r2, r2), f64x2.add(c, last)));
    v128.store(out, f64x2.add(c0, f64x2.add(a, tail)));
    // The derivative from the same pairs: 2 c2 + 3 c3 r = 2 b + c3 r, and so on.
    const e = f64x2.add(f64x2.add(b, b), r3);
    const g = f64x2.add(f64x2.mul(c, v128.load(FACTORS)), r5);
    const h = f64x2.add(f64x2.add(f64x2.mul(d, v128.load(FACTORS, 16)), r7), m);
    const slope = f64x2.add(
      f64x2.add(i64x2.shl(c7, 32), f64x2.mul(r, e)),
      f64x2.mul(f64x2.mul(r, r2), f64x2.add(g, f64x2.mul(r2, h))),
    );
    const sum = f64x2.add(c1, slope);
    v128.store(rests, f64x2.neg(sum));
    v128.store(lows, f64x2.sub(f64x2.sub(sum, c1), slope));
  }
}

/** ln(1 + e^x) of one |x| > FAR. */
export function farSoftplus(x: f64): f64 {
  return x > 0 ? x : exponential(x);
}

/** 1 / (1 + e^-x) of one |x| > FAR. */
export function farSigmoid(x: f64): f64 {
  return x > 0 ? 1 : exponential(x);
}
