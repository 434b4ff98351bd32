import { splat } from "./vector";

/** The least k with all |x| < 2^k, at least -1074. */
export function topOf(values: usize, count: i32): i32 {
  let most = splat(0);
  for (let at = values, end = values + (<usize>count << 3); at < end; at += 16) {
    most = f64x2.pmax(most, f64x2.abs(v128.load(at)));
  }
  return exponentOf(Math.max(f64x2.extract_lane(most, 0), f64x2.extract_lane(most, 1))) + 1;
}

/** The k of 2^k <= x < 2^(k + 1), at least -1023. */
export function exponentOf(x: f64): i32 {
  return <i32>(reinterpret<u64>(x) >> 52) - 1023;
}
