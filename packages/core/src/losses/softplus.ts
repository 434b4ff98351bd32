/**
 * ln(1 + e^x), without overflow and without cancellation: since ln(1 + e^x) = x + ln(1 + e^-x), the exponential is
 * taken of -|x| only. Infinite x gives the limits 0 and Infinity.
 */
export function softplus(x: number): number {
  return (x > 0 ? x : 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

/** 1 / (1 + e^-x), to the last digits for large negative x too, where it is e^x / (1 + e^x). */
export function sigmoid(x: number): number {
  const e = Math.exp(-Math.abs(x));
  return (x < 0 ? e : 1) / (1 + e);
}
