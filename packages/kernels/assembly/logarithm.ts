import { LOGARITHM, LOGARITHMS } from "./tables.generated";
import { high, low } from "./vector";

/*
 * ln x = k ln 2 + ln c + ln(1 + r), x = 2^k z, c the centre of the table's interval that holds z, r = (z - c) / c,
 * |r| <= 2^-8. Error below 1 unit in the last place. Source of the method: P.-T. P. Tang (1990), doi:10.1145/98267.98294.
 */
/** The least normal number. */
export const LEAST: f64 = 2.2250738585072014e-308;

const TWO_52 = memory.data<f64>([4503599627370496.0, 4503599627370496.0, 4503599627371520.0, 4503599627371520.0], 16);
const BIAS = memory.data<i64>([1024 << 52, 1024 << 52], 16);
const FIELD = memory.data<i64>([0xfff << 52, 0xfff << 52], 16);
const TERMS = memory.data<f64>(
  [
    -0.5, -0.5, 0.3333333333333333, 0.3333333333333333, -0.25, -0.25, 0.2, 0.2, -0.16666666666666666,
    -0.16666666666666666, 0.14285714285714285, 0.14285714285714285,
  ],
  16,
);

/** The high word of LOG_START in scripts/tables.mjs; the low one is 0. */
const START: i32 = 0x3feaf000;

// @ts-ignore: decorator
@inline
function logarithmAt(x: v128, p: usize, q: usize, rest: v128): v128 {
  const p0 = v128.load(p);
  const p1 = v128.load(p, 16);
  const q0 = v128.load(q);
  const q1 = v128.load(q, 16);
  const offset = i64x2.sub(x, v128.load(LOGARITHM));
  const k = f64x2.sub(
    v128.or(i64x2.shr_u(i64x2.add(offset, v128.load(BIAS)), 52), v128.load(TWO_52)),
    v128.load(TWO_52, 16),
  );
  const z = i64x2.sub(x, v128.and(offset, v128.load(FIELD)));
  const r = f64x2.mul(f64x2.sub(z, low(p0, q0)), high(p0, q0));
  const r2 = f64x2.mul(r, r);
  const a = f64x2.add(v128.load(TERMS), f64x2.mul(r, v128.load(TERMS, 16)));
  const b = f64x2.add(v128.load(TERMS, 32), f64x2.mul(r, v128.load(TERMS, 48)));
  const c = f64x2.add(v128.load(TERMS, 64), f64x2.mul(r, v128.load(TERMS, 80)));
  const tail = f64x2.mul(r2, f64x2.add(a, f64x2.mul(r2, f64x2.add(b, f64x2.mul(r2, c)))));
  const most = f64x2.add(f64x2.mul(k, v128.load(LOGARITHM, 16)), low(p1, q1));
  const least = f64x2.add(f64x2.add(f64x2.mul(k, v128.load(LOGARITHM, 32)), high(p1, q1)), rest);
  return f64x2.add(most, f64x2.add(r, f64x2.add(tail, least)));
}

/** The table's row for a number of this high word. */
// @ts-ignore: decorator
@inline
function rowOf(word: i32): usize {
  return LOGARITHMS + <usize>(((word - START) >> 8) & 0xfe0);
}

/** ln(x) + rest for x positive and normal; `rest` is what rounding took from x, over x. */
// @ts-ignore: decorator
@inline
export function logarithm2(x: v128, rest: v128): v128 {
  return logarithmAt(x, rowOf(i32x4.extract_lane(x, 1)), rowOf(i32x4.extract_lane(x, 3)), rest);
}

/**
 * Turns `count` numbers, a multiple of 4, into ln(x) + rest, in place; `rests` is 0 for none. Void unless x is
 * positive and normal.
 *
 * Two pairs go side by side, as two chains of operations take little longer than one.
 */
export function logarithms(x: usize, count: i32, rests: usize): void {
  const zero = f64x2.splat(0);
  const end = x + (<usize>count << 3);
  while (x < end) {
    let e = zero;
    let f = zero;
    if (rests != 0) {
      e = v128.load(rests);
      f = v128.load(rests, 16);
      rests += 32;
    }
    logarithm4(x, e, f);
    x += 32;
  }
}

// @ts-ignore: decorator
@inline
function logarithm4(at: usize, e: v128, f: v128): void {
  const x = v128.load(at);
  const y = v128.load(at, 16);
  const p = rowOf(load<i32>(at, 4));
  const q = rowOf(load<i32>(at, 12));
  const r = rowOf(load<i32>(at, 20));
  const s = rowOf(load<i32>(at, 28));
  const start = v128.load(LOGARITHM);
  const field = v128.load(FIELD);
  const xo = i64x2.sub(x, start);
  const yo = i64x2.sub(y, start);
  const p0 = v128.load(p);
  const q0 = v128.load(q);
  const r0 = v128.load(r);
  const s0 = v128.load(s);
  const u = f64x2.mul(f64x2.sub(i64x2.sub(x, v128.and(xo, field)), low(p0, q0)), high(p0, q0));
  const v = f64x2.mul(f64x2.sub(i64x2.sub(y, v128.and(yo, field)), low(r0, s0)), high(r0, s0));
  const bias = v128.load(BIAS);
  const two52 = v128.load(TWO_52);
  const back = v128.load(TWO_52, 16);
  const k = f64x2.sub(v128.or(i64x2.shr_u(i64x2.add(xo, bias), 52), two52), back);
  const l = f64x2.sub(v128.or(i64x2.shr_u(i64x2.add(yo, bias), 52), two52), back);
  const u2 = f64x2.mul(u, u);
  const v2 = f64x2.mul(v, v);
  const c6 = v128.load(TERMS, 64);
  const c7 = v128.load(TERMS, 80);
  const uc = f64x2.add(c6, f64x2.mul(u, c7));
  const vc = f64x2.add(c6, f64x2.mul(v, c7));
  const c4 = v128.load(TERMS, 32);
  const c5 = v128.load(TERMS, 48);
  const ub = f64x2.add(f64x2.add(c4, f64x2.mul(u, c5)), f64x2.mul(u2, uc));
  const vb = f64x2.add(f64x2.add(c4, f64x2.mul(v, c5)), f64x2.mul(v2, vc));
  const c2 = v128.load(TERMS);
  const c3 = v128.load(TERMS, 16);
  const ut = f64x2.mul(u2, f64x2.add(f64x2.add(c2, f64x2.mul(u, c3)), f64x2.mul(u2, ub)));
  const vt = f64x2.mul(v2, f64x2.add(f64x2.add(c2, f64x2.mul(v, c3)), f64x2.mul(v2, vb)));
  const p1 = v128.load(p, 16);
  const q1 = v128.load(q, 16);
  const r1 = v128.load(r, 16);
  const s1 = v128.load(s, 16);
  const most = v128.load(LOGARITHM, 16);
  const least = v128.load(LOGARITHM, 32);
  const ul = f64x2.add(f64x2.add(f64x2.mul(k, least), high(p1, q1)), e);
  const vl = f64x2.add(f64x2.add(f64x2.mul(l, least), high(r1, s1)), f);
  v128.store(at, f64x2.add(f64x2.add(f64x2.mul(k, most), low(p1, q1)), f64x2.add(u, f64x2.add(ut, ul))));
  v128.store(at, f64x2.add(f64x2.add(f64x2.mul(l, most), low(r1, s1)), f64x2.add(v, f64x2.add(vt, vl))), 16);
}

/** ln(1 + s + rest) for s from 0 to 1e300, small results to the last digits. */
// @ts-ignore: decorator
@inline
export function logarithmOfOnePlus2(s: v128, rest: v128): v128 {
  const u = f64x2.add(f64x2.splat(1), s);
  return logarithm2(u, f64x2.div(f64x2.add(restOfOnePlus2(s, u), rest), u));
}

/** What rounding took from u = 1 + s. */
// @ts-ignore: decorator
@inline
export function restOfOnePlus2(s: v128, u: v128): v128 {
  const one = f64x2.splat(1);
  return v128.bitselect(f64x2.sub(one, f64x2.sub(u, s)), f64x2.sub(s, f64x2.sub(u, one)), f64x2.gt(s, one));
}

/** ln(x) of one number from 0 to Infinity; NaN gives NaN. */
export function logarithm(x: f64): f64 {
  if (x == 0) return -Infinity;
  if (!(x < Infinity)) return x;
  if (x < LEAST) return logarithmOfNormal(x * 18014398509481984) - 37.429947750237048;
  return logarithmOfNormal(x);
}

function logarithmOfNormal(x: f64): f64 {
  return f64x2.extract_lane(logarithm2(f64x2.splat(x), f64x2.splat(0)), 0);
}

/** ln(1 + s + rest) of one number s from 0 to Infinity; NaN gives NaN. */
export function logarithmOfOnePlus(s: f64, rest: f64): f64 {
  if (!(s < Infinity)) return s;
  if (s > 1e300) return logarithm(s);
  return f64x2.extract_lane(logarithmOfOnePlus2(f64x2.splat(s), f64x2.splat(rest)), 0);
}
