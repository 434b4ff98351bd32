import { isLossflowError, type LossflowError } from "@lossflow/core";
import type { CopiedLogs } from "./context.ts";
import { discoverRuns, type Run } from "@lossflow/logs/node";

/** A source that names no run, and why. */
export interface Refusal {
  readonly source: string;
  readonly error: LossflowError;
}

/** The runs that sources name, their names all different, and the sources that name none. */
export interface FoundRuns {
  readonly runs: readonly Run[];
  readonly refusals: readonly Refusal[];
}

/**
 * Finds the runs of all sources; a source that cannot be read does not keep the others back. Copies
 * of logs that are elsewhere are called what these are.
 */
export function findRuns(sources: readonly string[], copied: CopiedLogs | undefined): FoundRuns {
  const refusals: Refusal[] = [];
  const found = sources.flatMap((source) => {
    try {
      return [{ source, runs: discoverRuns([source]) }];
    } catch (error) {
      if (!isLossflowError(error)) throw error;
      refusals.push({ source: copied?.sourceOf(source) ?? source, error });
      return [];
    }
  });
  // Several together, so that their names differ.
  const runs = found.length > 1 ? discoverRuns(found.map(({ source }) => source)) : (found[0]?.runs ?? []);
  if (copied === undefined) return { runs, refusals };
  const named = runs.map((run) => ({
    ...run,
    name: copied.runOf(run.paths) ?? run.name,
    source: copied.sourceOf(run.source),
  }));
  return { runs: named, refusals };
}
