import { expect } from "vitest";

/** Within 4 ulp. */
export function expectDigits(got: ArrayLike<number>, wanted: readonly number[]): void {
  expect(got).toHaveLength(wanted.length);
  wanted.forEach((x, i) => {
    expect(Math.abs(got[i]! - x), `${got[i]} for ${x}`).toBeLessThanOrEqual(Math.abs(x) * 2 ** -50);
  });
}
