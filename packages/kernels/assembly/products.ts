import { powerOfTwo, splat } from "./vector";

/**
 * Splits the products a b of two columns into rounded values and rounding errors (Dekker's product).
 * @returns false where a number, or a product that is not 0, comes near the ends of float64.
 */
export function products(a: usize, b: usize, count: i32, values: usize, errors: usize): bool {
  const split = splat(134217729); // 2^27 + 1
  const large = splat(powerOfTwo(900));
  const small = splat(powerOfTwo(-900));
  const zero = splat(0);
  let bad = i64x2.splat(0);
  for (let i: usize = 0, bytes = <usize>count << 3; i < bytes; i += 16) {
    const x = v128.load(a + i);
    const y = v128.load(b + i);
    const product = f64x2.mul(x, y);
    const size = f64x2.abs(product);
    const xs = f64x2.mul(split, x);
    const xh = f64x2.sub(xs, f64x2.sub(xs, x));
    const xl = f64x2.sub(x, xh);
    const ys = f64x2.mul(split, y);
    const yh = f64x2.sub(ys, f64x2.sub(ys, y));
    const yl = f64x2.sub(y, yh);
    const error = f64x2.add(
      f64x2.add(f64x2.add(f64x2.sub(f64x2.mul(xh, yh), product), f64x2.mul(xh, yl)), f64x2.mul(xl, yh)),
      f64x2.mul(xl, yl),
    );
    const wrong = v128.or(
      v128.or(f64x2.gt(f64x2.abs(x), large), f64x2.gt(f64x2.abs(y), large)),
      v128.or(f64x2.gt(size, large), v128.and(f64x2.lt(size, small), v128.and(f64x2.ne(x, zero), f64x2.ne(y, zero)))),
    );
    bad = v128.or(bad, wrong);
    v128.store(values + i, product);
    v128.store(errors + i, error);
  }
  return !v128.any_true(bad);
}
