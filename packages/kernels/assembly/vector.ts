/** The block that kernels work on at a time: its arrays stay in the first-level cache. */
export const BLOCK: i32 = 512;
/** Bytes of one block of doubles. */
export const BLOCK_BYTES: usize = 4096;

/** Loads two numbers, f32 or f64, as doubles. */
// @ts-ignore: decorator
@inline
export function load2<T>(address: usize): v128 {
  if (sizeof<T>() == 4) return f64x2.promote_low_f32x4(v128.load64_zero(address));
  return v128.load(address);
}

// @ts-ignore: decorator
@inline
export function splat(x: f64): v128 {
  return f64x2.splat(x);
}

// @ts-ignore: decorator
@inline
export function low(a: v128, b: v128): v128 {
  return v128.shuffle<f64>(a, b, 0, 2);
}

// @ts-ignore: decorator
@inline
export function high(a: v128, b: v128): v128 {
  return v128.shuffle<f64>(a, b, 1, 3);
}

// @ts-ignore: decorator
@inline
export function addLanes(a: v128): f64 {
  return f64x2.extract_lane(a, 0) + f64x2.extract_lane(a, 1);
}

/** 2^e for e from -1022 to 1023. */
// @ts-ignore: decorator
@inline
export function powerOfTwo(e: i32): f64 {
  return reinterpret<f64>(<i64>(e + 1023) << 52);
}
