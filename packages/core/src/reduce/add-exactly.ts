import { sumError } from "../sum/sum-error.ts";

/**
 * Computes the exact sum of `values[from .. end)`, rounded once; NaN or infinite as IEEE addition has it. Overwrites them.
 *
 * Three levels are added up at once: the first takes the numbers, the second what rounding takes from the first (Knuth's
 * two-sum), the third what it takes from the second. What it takes from the third, where it is not 0, is written over the
 * numbers and added up again, until nothing is left. The levels together are the sum without error.
 */
export function addExactly(values: Float64Array, from: number = 0, end: number = values.length): number {
  const levels: number[] = [];
  do {
    let a = 0;
    let b = 0;
    let c = 0;
    let left = from;
    for (let i = from; i < end; i++) {
      const x = values[i]!;
      const first = a + x;
      const y = sumError(a, x, first);
      const second = b + y;
      const z = sumError(b, y, second);
      const third = c + z;
      const rest = sumError(c, z, third);
      if (rest !== 0) values[left++] = rest;
      a = first;
      b = second;
      c = third;
    }
    if (a - a !== 0) return a;
    levels.unshift(c, b, a);
    end = left;
  } while (end > from);
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
  return Math.sign(error) === Math.sign(rest) && next - head === 2 * error ? next : head;
}
