import { EXPONENTIAL, POWERS_OF_TWO } from "./tables.generated";
import { high, load2, low, powerOfTwo } from "./vector";

/*
 * e^x = 2^(k / 256) e^r, k the nearest integer to x 256 / ln 2, as the sum of two doubles. The first is the power, from a
 * table of numbers of 17 bits, so that thousands of them add up without error while they are within 2^24 of each other;
 * what the table's number lacks is in r. The second is the first times e^r - 1: below 2^-9 of it, so that its own rounding
 * does not matter. The sum errs by less than 2^-57 of it.
 */
const SHIFTER = memory.data<f64>([6755399441055744.0, 6755399441055744.0], 16);
const NO_INDEX = memory.data<i64>([~255, ~255], 16);

/** |x| up to here leaves room for sums and quotients of exponentials; as the high words of f64 and f32. */
const LIMIT_F64: u32 = 0x40754000; // 340
const LIMIT_F32: u32 = 0x43aa0000;

/** Turns the places in the table, which stand in `out`, into the exponentials of two numbers. */
// @ts-ignore: decorator
@inline
function finish<T>(x: usize, out: usize, lows: usize): void {
  const t = v128.load(out);
  const n = f64x2.sub(t, v128.load(SHIFTER));
  const p = v128.load(POWERS_OF_TWO + <usize>((load<i32>(out) & 255) << 4));
  const q = v128.load(POWERS_OF_TWO + <usize>((load<i32>(out, 8) & 255) << 4));
  const power = i64x2.add(low(p, q), i64x2.shl(v128.and(t, v128.load(NO_INDEX)), 44));
  const r = f64x2.add(
    f64x2.sub(
      f64x2.sub(load2<T>(x), f64x2.mul(n, v128.load(EXPONENTIAL, 16))),
      f64x2.mul(n, v128.load(EXPONENTIAL, 32)),
    ),
    high(p, q),
  );
  const terms = f64x2.add(
    v128.load(EXPONENTIAL, 48),
    f64x2.mul(r, f64x2.add(v128.load(EXPONENTIAL, 64), f64x2.mul(r, v128.load(EXPONENTIAL, 80)))),
  );
  v128.store(out, power);
  v128.store(lows, f64x2.mul(power, f64x2.add(r, f64x2.mul(f64x2.mul(r, r), terms))));
}

/**
 * Writes e^x of `count` numbers, a multiple of 4, as sums of two doubles, to `out` and `lows`.
 * @returns whether all |x| <= 340; results of others are void.
 */
export function exponentials<T>(x: usize, count: i32, out: usize, lows: usize): bool {
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
  for (let at = x, to = out; to < end; at += 2 * width, to += 32, lows += 32) {
    finish<T>(at, to, lows);
    finish<T>(at + width, to + 16, lows + 16);
  }
  let top = max<u32>(i32x4.extract_lane(most, 1), i32x4.extract_lane(most, 3));
  if (sizeof<T>() == 4) {
    top = max(top, max<u32>(i32x4.extract_lane(most, 0), i32x4.extract_lane(most, 2)));
    return top <= LIMIT_F32;
  }
  return top < LIMIT_F64;
}

/** What the last `exponential` is less than e^x. */
export let exponentialRest: f64 = 0;

/** e^x of one number, of any size, subnormal results rounded once; NaN gives NaN. `exponentialRest` has its rest. */
export function exponential(x: f64): f64 {
  exponentialRest = 0;
  if (x != x) return x;
  if (x > 710) return Infinity;
  if (x < -746) return 0;
  const n = x * load<f64>(EXPONENTIAL) + load<f64>(SHIFTER) - load<f64>(SHIFTER);
  const k = <i32>n;
  const at = POWERS_OF_TWO + <usize>((k & 255) << 4);
  const r = x - n * load<f64>(EXPONENTIAL, 16) - n * load<f64>(EXPONENTIAL, 32) + load<f64>(at, 8);
  const terms = load<f64>(EXPONENTIAL, 48) + r * (load<f64>(EXPONENTIAL, 64) + r * load<f64>(EXPONENTIAL, 80));
  const power = load<f64>(at);
  const part = power * (r + r * r * terms);
  const y = power + part;
  const e = k >> 8;
  if (e > 1000) return y * powerOfTwo(e - 100) * powerOfTwo(100);
  if (e < -1020) return y * powerOfTwo(e + 100) * powerOfTwo(-100);
  exponentialRest = (part - (y - power)) * powerOfTwo(e);
  return y * powerOfTwo(e);
}
