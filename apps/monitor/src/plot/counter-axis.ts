import type { StatedAxis } from "./axis.ts";

const WORDS: readonly (readonly [axis: "tokens" | "samples", word: RegExp])[] = [
  ["tokens", /^tokens?$/],
  ["samples", /^(samples?|examples?|sequences?)$/],
];
/** Words that a running count may have in its name besides what it counts. */
const BESIDE =
  /^(num|n|total|consumed|cumulative|input|train|training|trained|seen|processed|so|far|throughput|count|of)$/;

/**
 * Tells what a series counts by its name: `tokens`, `num_input_tokens_seen`, `consumed samples`, `throughput/total_tokens`;
 * null for any other, such as a rate or the tokens of a batch.
 */
export function countedAxis(name: string): StatedAxis | null {
  if (name.length > 64) return null;
  const words = name
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean);
  for (const [axis, word] of WORDS)
    if (words.some((part) => word.test(part)) && words.every((part) => word.test(part) || BESIDE.test(part)))
      return axis;
  return null;
}

/** Follows the count that a log states along the way; what does not rise is no running count, and is dropped. */
export class CounterAxis {
  /** The series that counts. */
  readonly series: number;
  /** The latest count, NaN before the first. */
  value: number = Number.NaN;
  #step = Number.NaN;
  #segment = 0;

  constructor(series: number) {
    this.series = series;
  }

  /** Takes a count. @returns whether it may still be a running count. */
  add(value: number, step: number, segment: number): boolean {
    const isLater = segment === this.#segment && step > this.#step;
    const isRunning = Number.isFinite(value) && !(isLater && value <= this.value);
    this.value = value;
    this.#step = step;
    this.#segment = segment;
    return isRunning;
  }
}
