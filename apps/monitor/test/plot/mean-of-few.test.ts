import { ExactSum } from "@lossflow/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { meanOfFew } from "../../src/plot/mean-of-few.ts";

const SEED = Number(process.env["LOSSFLOW_SEED"] ?? 20_261_126);

function exactMean(values: readonly number[]): number {
  const sum = new ExactSum();
  for (const value of values) sum.add(value);
  const divisor = new ExactSum();
  divisor.add(values.length);
  return sum.quotient(divisor);
}

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
/** Sums that cancel, ties of the rounding, and every size that there is. */
const values = fc.oneof(
  fc.array(finite, { minLength: 1, maxLength: 120 }),
  fc.array(fc.double({ noNaN: true, min: -4, max: 4 }), { minLength: 1, maxLength: 120 }),
  fc.array(fc.constantFrom(1, -1, 2 ** -53, -(2 ** -53), 2 ** -106, 1 + 2 ** -52, 5e-324, 1e308, 0, -0), {
    minLength: 1,
    maxLength: 40,
  }),
);

test("the mean has the bits of an exact sum divided by the count, whatever the values", () => {
  fc.assert(
    fc.property(values, (some) => {
      const wanted = exactMean(some);
      expect(meanOfFew(Float64Array.from(some)) === wanted).toBe(true);
    }),
    { seed: SEED, numRuns: 3_000 },
  );
});

test("ties go to even, by what is exact and not by what is nearly so", () => {
  // A third of the way from tie to even the exact mean decides: 2^-106 above or below.
  const tie = [1, 2 ** -53];
  for (const nudge of [-(2 ** -106), 0, 2 ** -106])
    expect(meanOfFew(Float64Array.from([...tie, nudge, ...Array.from({ length: 5 }, () => 0)]))).toBe(
      exactMean([...tie, nudge, 0, 0, 0, 0, 0]),
    );
});
