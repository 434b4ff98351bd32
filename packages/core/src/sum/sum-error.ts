/**
 * What rounding took from `sum` = a + b, exactly: a + b = sum + sumError(a, b, sum).
 *
 * Source: D. E. Knuth, The Art of Computer Programming 2, section 4.2.2, theorem B.
 */
export function sumError(a: number, b: number, sum: number): number {
  const back = sum - a;
  return a - (sum - back) + (b - back);
}
