import type { Pass } from "./contestant.ts";

export interface Measured {
  /** Nanoseconds of CPU time a number, the median of all rounds. */
  readonly median: number;
  /** The lowest and the highest of them. */
  readonly low: number;
  readonly high: number;
  readonly mean: number;
  /** All of them, round by round. */
  readonly rounds: readonly number[];
}

/**
 * Runs passes in turn, A B A B, so that what disturbs the machine disturbs all of them alike. The first rounds warm up:
 * compilers work in other threads of the same process, whose time would count.
 */
export async function measure(
  passes: readonly (() => Promise<Pass>)[],
  numbers: number,
  rounds: number,
): Promise<readonly Measured[]> {
  const times = passes.map((): number[] => []);
  const means = passes.map(() => Number.NaN);
  for (let round = -WARM_UP; round < rounds; round++) {
    for (const [i, pass] of passes.entries()) {
      const { cpuSeconds, mean } = await pass();
      if (round >= 0) times[i]!.push((cpuSeconds * 1e9) / numbers);
      means[i] = mean;
    }
  }
  return times.map((some, i) => {
    const sorted = some.toSorted((a, b) => a - b);
    return {
      rounds: some,
      median: sorted[sorted.length >> 1]!,
      low: sorted[0]!,
      high: sorted.at(-1)!,
      mean: means[i]!,
    };
  });
}

const WARM_UP = 10;

/** How many times the time of the second the first took: the median of the ratios of each round. */
export function ratioOf(slow: Measured, fast: Measured): number {
  const ratios = slow.rounds.map((time, i) => time / fast.rounds[i]!).sort((a, b) => a - b);
  return ratios[ratios.length >> 1]!;
}
