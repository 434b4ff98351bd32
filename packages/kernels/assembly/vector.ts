/** The block that kernels work on at a time: its arrays stay in the first-level cache. */
export const BLOCK: i32 = 512;
/** Distances are added as many at a time, where there are as many: the end of a pass costs as much as 40 numbers. */
export const LONG_BLOCK: i32 = 1024;
/** Bytes of one block of doubles. */
export const BLOCK_BYTES: usize = 4096;

/** Loads two numbers, f32 or f64, as doubles. */
// @ts-ignore: decorator
@inline
export function load2<T>(address: usize): v128 {
  if (sizeof<T>() == 4) return f64x2.promote_low_f32x4(v128.load64_zero(address));
  return v128.load(address);
}

/**
 * Loads the pair 0, 1, 2 or 3 of those at an address. The offset is part of the load: a sum of addresses would be an
 * instruction of its own, and of those a loop over float32 columns has nearly as many as the machine takes in.
 */
// @ts-ignore: decorator
@inline
export function pair<T>(i: i32, address: usize): v128 {
  if (sizeof<T>() == 4) {
    if (i == 1) return f64x2.promote_low_f32x4(v128.load64_zero(address, 8));
    if (i == 2) return f64x2.promote_low_f32x4(v128.load64_zero(address, 16));
    if (i == 3) return f64x2.promote_low_f32x4(v128.load64_zero(address, 24));
  } else {
    if (i == 1) return v128.load(address, 16);
    if (i == 2) return v128.load(address, 32);
    if (i == 3) return v128.load(address, 48);
  }
  return load2<T>(address);
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
