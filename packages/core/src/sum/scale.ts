/** x * 2^exponent, in two steps, since a factor alone could leave float64; what is subnormal is rounded by the last. */
export function scale(x: number, exponent: number): number {
  const half = exponent >> 1;
  return x * 2 ** half * 2 ** (exponent - half);
}
