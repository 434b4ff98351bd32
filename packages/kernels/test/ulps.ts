import { expect } from "vitest";

const doubles = new Float64Array(1);
const bits = new BigInt64Array(doubles.buffer);

/** How many doubles lie between two: 0 for equal ones (NaN and NaN, 0 and -0 too), Infinity where one alone is NaN. */
export function ulpsBetween(a: number, b: number): number {
  if (a === b || (Number.isNaN(a) && Number.isNaN(b))) return 0;
  if (Number.isNaN(a) || Number.isNaN(b)) return Infinity;
  return Math.abs(Number(position(a) - position(b)));
}

/** The double's place in the order of all doubles. */
function position(x: number): bigint {
  doubles[0] = x;
  const b = bits[0]!;
  return b < 0n ? -(b & 0x7fffffffffffffffn) : b;
}

/** Fails where two lie more than `ulps` apart. What is within never comes to `expect`, which takes microseconds a number. */
export function expectWithin(
  ulps: number,
  mine: number,
  theirs: number,
  where: () => string = () => "",
): void {
  const apart = ulpsBetween(mine, theirs);
  if (!(apart <= ulps)) expect(apart, `${mine} for ${theirs} ${where()}`).toBeLessThanOrEqual(ulps);
}
