import { EXPONENTIAL, POWERS_OF_TWO } from "./tables.generated";
import { load2, powerOfTwo } from "./vector";

/*
 * e^x = 2^(k / 1024) e^r, k the nearest integer to x 1024 / ln 2: the power from a table, e^r from three terms.
 * Error below 1.2 units in the last place.
 */
const SHIFTER = memory.data<f64>([6755399441055744.0, 6755399441055744.0], 16);
const NO_INDEX = memory.data<i64>([~1023, ~1023], 16);

/** |x| up to here leaves room for sums and quotients of exponentials; as the high words of f64 and f32. */
const LIMIT_F64: u32 = 0x40754000; // 340
const LIMIT_F32: u32 = 0x43aa0000;

// @ts-ignore: decorator
@inline
function finish<T>(x: usize, out: usize): v128 {
  const t = v128.load(out);
  const n = f64x2.sub(t, v128.load(SHIFTER));
  const r = f64x2.sub(
    f64x2.sub(load2<T>(x), f64x2.mul(n, v128.load(EXPONENTIAL, 16))),
    f64x2.mul(n, v128.load(EXPONENTIAL, 32)),
  );
  const power = v128.load64_lane(
    POWERS_OF_TWO + <usize>((load<i32>(out, 8) & 1023) << 3),
    v128.load64_zero(POWERS_OF_TWO + <usize>((load<i32>(out) & 1023) << 3)),
    1,
  );
  const tail = f64x2.add(
    r,
    f64x2.mul(f64x2.mul(r, r), f64x2.add(v128.load(EXPONENTIAL, 48), f64x2.mul(r, v128.load(EXPONENTIAL, 64)))),
  );
  const y = f64x2.add(power, f64x2.mul(power, tail));
  return i64x2.add(y, i64x2.shl(v128.and(t, v128.load(NO_INDEX)), 42));
}

/**
 * Writes e^x of `count` numbers, a multiple of 4, as doubles.
 * @returns whether all |x| <= 340; results of others are void.
 */
export function exponentials<T>(x: usize, count: i32, out: usize): bool {
  const width = 2 * sizeof<T>();
  const end = out + (<usize>count << 3);
  const size = sizeof<T>() == 4 ? i32x4.splat(0x7fffffff) : i64x2.splat(0x7fffffffffffffff);
  let most = i32x4.splat(0);
  for (let at = x, to = out; to < end; at += 2 * width, to += 32) {
    const scale = v128.load(EXPONENTIAL);
    const shifter = v128.load(SHIFTER);
    if (sizeof<T>() == 4) {
      most = i32x4.max_u(most, v128.and(v128.load(at), size));
    } else {
      // The low words do no harm: only the odd lanes are read.
      most = i32x4.max_u(most, i32x4.max_u(v128.and(v128.load(at), size), v128.and(v128.load(at, 16), size)));
    }
    v128.store(to, f64x2.add(f64x2.mul(load2<T>(at), scale), shifter));
    v128.store(to, f64x2.add(f64x2.mul(load2<T>(at + width), scale), shifter), 16);
  }
  for (let at = x, to = out; to < end; at += 2 * width, to += 32) {
    const a = finish<T>(at, to);
    const b = finish<T>(at + width, to + 16);
    v128.store(to, a);
    v128.store(to, b, 16);
  }
  let top = max<u32>(i32x4.extract_lane(most, 1), i32x4.extract_lane(most, 3));
  if (sizeof<T>() == 4) {
    top = max(top, max<u32>(i32x4.extract_lane(most, 0), i32x4.extract_lane(most, 2)));
    return top <= LIMIT_F32;
  }
  return top < LIMIT_F64;
}

/** e^x of one number, of any size, subnormal results rounded once; NaN gives NaN. */
export function exponential(x: f64): f64 {
  if (x != x) return x;
  if (x > 710) return Infinity;
  if (x < -746) return 0;
  const t = x * load<f64>(EXPONENTIAL) + load<f64>(SHIFTER);
  const n = t - load<f64>(SHIFTER);
  const r = x - n * load<f64>(EXPONENTIAL, 16) - n * load<f64>(EXPONENTIAL, 32);
  const k = <i32>n;
  const power = load<f64>(POWERS_OF_TWO + <usize>((k & 1023) << 3));
  const y = power + power * (r + r * r * (load<f64>(EXPONENTIAL, 48) + r * load<f64>(EXPONENTIAL, 64)));
  const e = k >> 10;
  if (e < -1000) return y * powerOfTwo(e + 100) * powerOfTwo(-100);
  if (e > 1000) return y * powerOfTwo(e - 100) * powerOfTwo(100);
  return y * powerOfTwo(e);
}

/**
 * What e^x, x from -745 to 0, is more than `e`, which lies within a few units of it: by ln 2 / 2^e and the power series of
 * what is left, its first terms with what rounding takes from them.
 */
export function exponentialRest(x: f64, e: f64): f64 {
  if (!(x > -708)) return 0;
  const n = nearest<f64>(x * 1.4426950408889634);
  // ln 2 as a part that every n multiplies without error, and the rest.
  const a = x - n * 0.6931471805598903;
  const b = n * 5.497923018708371e-14;
  const r = a - b;
  const rRest = a - r - b;
  let tail: f64 = 1;
  for (let k: f64 = 16; k > 3; k--) tail = 1 + (tail * r) / k;
  const square = r * r;
  const split = 134217729 * r;
  const high = split - (split - r);
  const low = r - high;
  const squareRest = high * high - square + 2 * high * low + low * low;
  const sum = 1 + r;
  const lost = 1 - sum + r;
  const scaled = e * powerOfTwo(-<i32>n);
  return (sum - scaled + (0.5 * square + (lost + rRest * sum + 0.5 * squareRest + (square * r * tail) / 6))) * powerOfTwo(<i32>n);
}
