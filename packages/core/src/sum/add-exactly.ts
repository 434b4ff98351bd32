import { sumError } from "./sum-error.ts";

/**
 * Computes the exact sum of the first `end` of `values`, rounded once; NaN or infinite where a number is, as IEEE addition has it,
 * or where all |x| together come to 2.5e307. Overwrites them. The sum itself, where it is finite, is that of `levels`, which are 0 before.
 *
 * `first` begins above all numbers together, `second` above all that rounding takes from it, so each stays larger than what it
 * takes, and two subtractions tell what rounding took. What it takes from the second, of ordinary losses nothing, is written
 * over the numbers and added up again, until nothing is left.
 *
 * Source: T. J. Dekker, A floating-point technique for extending the available precision, doi:10.1007/BF01397083.
 */
export function addExactly(
  values: Float64Array,
  end: number = values.length,
  levels: number[] = [0],
): number {
  do {
    let sum = 0;
    let above = 0;
    // Two at a time, as additions to one sum wait for one another; the middle of an odd number counts twice.
    for (let i = 0; 2 * i < end; i++) {
      const x = values[i]!;
      const y = values[end - 1 - i]!;
      sum += x + y;
      above += 4 * Math.abs(x) + 4 * Math.abs(y);
    }
    if (!(above < 1e308)) return sum / 0;
    // One addition takes at most 2^-53 of 5/4 of it: a seventh of this, all together.
    const aboveRests = (end / 1e15) * above;
    let first = above;
    let second = aboveRests;
    let left = 0;
    for (let i = 0; i < end; i++) {
      const x = values[i]!;
      const head = first + x;
      const rest = x - (head - first);
      first = head;
      const next = second + rest;
      const missed = rest - (next - second);
      second = next;
      if (missed) values[left++] = missed;
    }
    levels.unshift(second - aboveRests, first - above);
    end = left;
  } while (end);
  // Each takes the one before and leaves there what rounding takes, until none changes: then the last is the sum, rounded.
  for (let k = 1; k < levels.length; k++) {
    const x = levels[k - 1]!;
    const y = levels[k]!;
    const sum = x + y;
    levels[k - 1] = sumError(x, y, sum);
    levels[k] = sum;
    if (sum !== y) k = 0;
  }
  const [rest, error, head] = levels.slice(-3) as [number, number, number];
  const next = head + 2 * error;
  // What is left behind a half decides which way it goes.
  return rest && rest > 0 === error > 0 && next - head === 2 * error ? next : head;
}
