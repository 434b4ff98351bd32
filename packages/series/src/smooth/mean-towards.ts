/**
 * Moves a mean that weighs `before`, from 0, towards a value that weighs 1: (before * mean + value) / (before + 1).
 *
 * Taken as a step from the one that weighs more, so that constant values stay exactly what they are, and what has lost its
 * weight takes no digits from what has it. In halves, as the difference of two numbers may be beyond the largest.
 */
export function meanTowards(mean: number, before: number, value: number): number {
  const half = (value / 2 - mean / 2) / (before + 1);
  return before < 1 ? value - 2 * (before * half) : mean + 2 * half;
}
