import { isLossflowError } from "@lossflow/core";
import { discoverRuns, type Run } from "@lossflow/logs/node";

/** The runs that sources name, and one refusal for each source that names none. */
export interface FoundRuns {
  readonly runs: readonly Run[];
  readonly refusals: readonly Error[];
}

/** Finds the runs of all sources; a source that cannot be read is reported and does not keep the others back. */
export function findRuns(sources: readonly string[]): FoundRuns {
  const refusals: Error[] = [];
  const good = sources.filter((source) => {
    try {
      return discoverRuns([source]).length > 0;
    } catch (error) {
      if (!isLossflowError(error)) throw error;
      refusals.push(error);
      return false;
    }
  });
  // Together, so that their names differ.
  return { runs: good.length > 0 ? discoverRuns(good) : [], refusals };
}
