import { expect } from "vitest";

/** Equal but for `bound`, relative. */
export function expectClose(a: ArrayLike<number>, b: ArrayLike<number>, bound: number): void {
  expect(a.length).toBe(b.length);
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i]!, b[i]!];
    const isClose = Math.abs(x - y) <= bound * Math.max(Math.abs(x), Math.abs(y));
    if (!(isClose && Number.isFinite(x) && Number.isFinite(y))) expect.fail(`${x} and ${y}, bound ${bound}`);
  }
}
