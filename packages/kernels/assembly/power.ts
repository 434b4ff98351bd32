/** x^(n / 2) for n from 0 to 6. */
// @ts-ignore: decorator
@inline
export function power2(x: v128, n: i32): v128 {
  let y = (n & 1) != 0 ? f64x2.sqrt(x) : f64x2.splat(1);
  if (n >= 2) y = f64x2.mul(y, x);
  if (n >= 4) y = f64x2.mul(y, x);
  if (n >= 6) y = f64x2.mul(y, x);
  return y;
}

/** x^(n / 2) of one number. */
export function power(x: f64, n: i32): f64 {
  return f64x2.extract_lane(power2(f64x2.splat(x), n), 0);
}

/** factor * loss, where a factor of 0 leaves nothing even of an infinite loss, but hides no NaN. */
export function part(factor: f64, loss: f64): f64 {
  return factor == 0 && loss == loss ? 0 : factor * loss;
}
