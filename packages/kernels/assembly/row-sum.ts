import { addLanes } from "./vector";

/** Adds doubles in an order that depends on their count alone, 32 at a time. */
export function sumOf(values: usize, count: i32): f64 {
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
  return addLanes(f64x2.add(total, rest));
}

/** Adds doubles with what each addition rounds off, added at the end (Knuth's two-sum): about one rounding in all. */
export function carefulSumOf(values: usize, count: i32): f64 {
  let sum = f64x2.splat(0);
  let rest = f64x2.splat(0);
  const end = values + (<usize>count << 3);
  for (let at = values; at < end; at += 16) {
    const x = at + 8 < end ? v128.load(at) : v128.load64_zero(at);
    const next = f64x2.add(sum, x);
    const back = f64x2.sub(next, sum);
    rest = f64x2.add(rest, f64x2.add(f64x2.sub(sum, f64x2.sub(next, back)), f64x2.sub(x, back)));
    sum = next;
  }
  const a = f64x2.extract_lane(sum, 0);
  const b = f64x2.extract_lane(sum, 1);
  const total = a + b;
  const back = total - a;
  return total + (a - (total - back) + (b - back) + addLanes(rest));
}
