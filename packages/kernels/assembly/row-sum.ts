import { sumError, sumError2 } from "./rounding";
import { addLanes, high, low } from "./vector";

/** Adds doubles in an order that depends on their count alone, 32 at a time. */
export function sumOf(values: usize, count: i32): f64 {
  return addLanes(lanesOf(values, count));
}

/** Writes the sums of rows of doubles that stand one after the other, and of rows of their lows. */
export function sumsOf(values: usize, lows: usize, rows: i32, count: i32, out: usize, outLows: usize): void {
  const width = <usize>count << 3;
  const last = out + (<usize>rows << 3);
  for (; out + 8 < last; out += 16, outLows += 16, values += 2 * width, lows += 2 * width) {
    const a = lanesOf(values, count);
    const b = lanesOf(values + width, count);
    v128.store(out, f64x2.add(low(a, b), high(a, b)));
    const c = lanesOf(lows, count);
    const d = lanesOf(lows + width, count);
    v128.store(outLows, f64x2.add(low(c, d), high(c, d)));
  }
  if (out < last) {
    store<f64>(out, sumOf(values, count));
    store<f64>(outLows, sumOf(lows, count));
  }
}

/** The sums of the even and of the odd numbers. */
// @ts-ignore: decorator
@inline
function lanesOf(values: usize, count: i32): v128 {
  let total = f64x2.splat(0);
  let at = values;
  const end = values + (<usize>(count & ~1) << 3);
  for (const last = values + (<usize>(count & ~31) << 3); at < last; at += 256) {
    const a = f64x2.add(f64x2.add(v128.load(at), v128.load(at, 16)), f64x2.add(v128.load(at, 32), v128.load(at, 48)));
    const b = f64x2.add(f64x2.add(v128.load(at, 64), v128.load(at, 80)), f64x2.add(v128.load(at, 96), v128.load(at, 112)));
    const c = f64x2.add(f64x2.add(v128.load(at, 128), v128.load(at, 144)), f64x2.add(v128.load(at, 160), v128.load(at, 176)));
    const d = f64x2.add(f64x2.add(v128.load(at, 192), v128.load(at, 208)), f64x2.add(v128.load(at, 224), v128.load(at, 240)));
    total = f64x2.add(total, f64x2.add(f64x2.add(a, b), f64x2.add(c, d)));
  }
  let rest = f64x2.splat(0);
  for (; at < end; at += 16) rest = f64x2.add(rest, v128.load(at));
  if ((count & 1) != 0) rest = f64x2.add(rest, v128.load64_zero(at));
  return f64x2.add(total, rest);
}

/** Adds doubles with what each addition rounds off (Knuth's two-sum): about one rounding in all. */
export function carefulSumOf(values: usize, count: i32): f64 {
  const sum = pairSumOf(values, count);
  // Infinite ones lose nothing.
  return pairRest == pairRest ? sum + pairRest : sum;
}

/** What the last `pairSumOf` is less than the exact sum. */
export let pairRest: f64 = 0;

/** The same sum as the sum of two doubles. */
export function pairSumOf(values: usize, count: i32): f64 {
  let sum = f64x2.splat(0);
  let rest = f64x2.splat(0);
  const end = values + (<usize>count << 3);
  for (let at = values; at < end; at += 16) {
    const x = at + 8 < end ? v128.load(at) : v128.load64_zero(at);
    const next = f64x2.add(sum, x);
    rest = f64x2.add(rest, sumError2(sum, x, next));
    sum = next;
  }
  const a = f64x2.extract_lane(sum, 0);
  const b = f64x2.extract_lane(sum, 1);
  const total = a + b;
  pairRest = sumError(a, b, total) + addLanes(rest);
  return total;
}
