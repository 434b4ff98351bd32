import { addExactly } from "../sum/add-exactly.ts";

/**
 * Computes the exact sum of each of `groups` runs of equal length, rounds it once and divides it by `divisor`; a sum too
 * large for float64 is still divided right. NaN and infinities give what IEEE addition gives. `load` writes the numbers
 * times `unit`, a power of 2, into an array that is overwritten.
 */
export function exactMeans(
  load: (unit: number) => Float64Array,
  divisor: number = 1,
  groups: number = 1,
): Float64Array {
  const sumsIn = (unit: number): Float64Array => {
    const values = load(unit);
    const size = values.length / groups || 0;
    return Float64Array.from({ length: groups }, (_, group) =>
      addExactly(values.subarray(group * size, (group + 1) * size)),
    );
  };
  const sums = sumsIn(1);
  // Too large on the way, or not finite from the start: once more in units of 2^64, where only the latter shows.
  const small = sums.every(Number.isFinite) ? sums : sumsIn(2 ** -64);
  return sums.map((sum, group) =>
    Number.isFinite(sum) ? sum / divisor : (small[group]! / divisor) * 2 ** 64,
  );
}
