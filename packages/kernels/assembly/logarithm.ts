import { LOGARITHM, LOGARITHMS } from "./tables.generated";
import { high, low } from "./vector";

/*
 * ln x = k ln 2 + ln c + ln(1 + r), x = 2^k z, c the centre of the table's interval that holds z, r = (z - c) / c,
 * |r| <= 2^-8. Error below 1 unit in the last place. Source of the method: P.-T. P. Tang (1990), doi:10.1145/98267.98294.
 */
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

/** ln(x) + rest for x positive and normal; `rest` is what rounding took from x, over x. */
// @ts-ignore: decorator
@inline
export function logarithm2(x: v128, rest: v128): v128 {
  const offset = i64x2.sub(x, v128.load(LOGARITHM));
  const p = LOGARITHMS + <usize>((i32x4.extract_lane(offset, 1) >> 8) & 0xfe0);
  const q = LOGARITHMS + <usize>((i32x4.extract_lane(offset, 3) >> 8) & 0xfe0);
  const p0 = v128.load(p);
  const p1 = v128.load(p, 16);
  const q0 = v128.load(q);
  const q1 = v128.load(q, 16);
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

/** ln(1 + s) for s from 0 to 1e300, small results to the last digits. */
// @ts-ignore: decorator
@inline
export function logarithmOfOnePlus2(s: v128): v128 {
  const one = f64x2.splat(1);
  const u = f64x2.add(one, s);
  const lost = v128.bitselect(
    f64x2.sub(one, f64x2.sub(u, s)),
    f64x2.sub(s, f64x2.sub(u, one)),
    f64x2.gt(s, one),
  );
  return logarithm2(u, f64x2.div(lost, u));
}

/** ln(x) of one number from 0 to Infinity; NaN gives NaN. */
export function logarithm(x: f64): f64 {
  if (x == 0) return -Infinity;
  if (!(x < Infinity)) return x;
  if (x < 2.2250738585072014e-308) return logarithm(x * 18014398509481984) - 37.429947750237048;
  return f64x2.extract_lane(logarithm2(f64x2.splat(x), f64x2.splat(0)), 0);
}

/** ln(1 + s) of one number from 0 to Infinity; NaN gives NaN. */
export function logarithmOfOnePlus(s: f64): f64 {
  if (!(s < Infinity)) return s;
  if (s > 1e300) return logarithm(s);
  return f64x2.extract_lane(logarithmOfOnePlus2(f64x2.splat(s)), 0);
}
