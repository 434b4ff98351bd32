import { setTimeout } from "node:timers/promises";
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
 * Runs passes in turn, A B A B, so that what disturbs the machine disturbs all of them alike. Before that each runs for a
 * while on its own: compilers work in other threads of the same process, whose time would count.
 */
export async function measure(
  passes: readonly (() => Promise<Pass>)[],
  numbers: number,
  rounds: number,
): Promise<readonly Measured[]> {
  const times = passes.map((): number[] => []);
  const means = passes.map(() => Number.NaN);
  for (const pass of passes) {
    for (let seconds = 0; seconds < WARM_UP;) seconds += (await pass()).cpuSeconds;
  }
  for (let round = 0; round < rounds; round++) {
    for (const [i, pass] of passes.entries()) {
      await setTimeout(REST);
      const { cpuSeconds, mean } = await pass();
      times[i]!.push((cpuSeconds * 1e9) / numbers);
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

/** Seconds of CPU time. */
const WARM_UP = 0.5;
/** Milliseconds in which threads that one pass left at work (collectors, compilers) end, so that they do not count for the next. */
const REST = 10;

/** How many times the time of the second the first took: the median of the ratios of each round. */
export function ratioOf(slow: Measured, fast: Measured): number {
  const ratios = slow.rounds.map((time, i) => time / fast.rounds[i]!).sort((a, b) => a - b);
  return ratios[ratios.length >> 1]!;
}
