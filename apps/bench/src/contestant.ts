import type { BenchCase } from "./bench-case.ts";

/** One pass over all rows. */
export interface Pass {
  readonly cpuSeconds: number;
  readonly mean: number;
}

/** Something that computes mean losses, and is measured at it. */
export interface Contestant {
  readonly name: string;
  /** Makes ready for a case; null where it has no such loss. */
  prepare(benchCase: BenchCase): Promise<(() => Promise<Pass>) | null>;
  close(): Promise<void>;
}

/** The CPU time of this process, all its threads together, in seconds. */
export function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Numbers of one chunk. */
export const CHUNK = 65_536;

/** Calls `each` for chunks of whole rows, with the first row and the rows of each. */
export function forChunks(
  numbers: number,
  classes: number,
  each: (first: number, rows: number) => void,
): number {
  const rows = Math.floor(numbers / classes);
  const step = Math.floor(CHUNK / classes);
  for (let first = 0; first < rows; first += step) each(first, Math.min(step, rows - first));
  return rows;
}
