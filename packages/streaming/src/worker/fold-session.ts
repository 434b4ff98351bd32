import { bytesFromFold } from "../fold/fold-bytes.ts";
import { clearFold, type FoldState } from "../fold/fold-state.ts";
import type { TaskSums } from "../fold/task-sums.ts";
import type { CompiledPlan } from "../fold/plan.ts";
import { foldRows } from "./fold-rows.ts";
import type { TaskSegment } from "./fold-task.ts";
import type { ReadMemory } from "./read-memory.ts";

/** What a session adds to, and by what. */
export interface SessionState {
  readonly plan: CompiledPlan;
  readonly fold: FoldState;
  readonly sums: TaskSums;
  readonly memory: ReadMemory;
}

/**
 * A partial state that grows with the rows that come. What a task costs beside its rows (states made, written, read and
 * merged) is spent once for all that is taken at a time.
 */
export class FoldSession {
  readonly #begin: () => SessionState;
  #state: SessionState | undefined;

  /** @param begin called with the first rows */
  constructor(begin: () => SessionState) {
    this.#begin = begin;
  }

  /** @returns whether all rows were added. Else the session holds some of them, and is of no more use. */
  async add(segments: readonly TaskSegment[]): Promise<boolean> {
    try {
      const { plan, fold, sums, memory } = (this.#state ??= this.#begin());
      for (const segment of segments) await foldRows(plan, fold, segment, segment.rows, memory, sums);
      return !sums.spoilt;
    } catch {
      return false;
    }
  }

  /** Gives the partial state of all rows since the last one, and begins anew; null where there were none. */
  take(): Uint8Array<ArrayBuffer> | null {
    if (this.#state === undefined) return null;
    const { plan, fold, sums } = this.#state;
    sums.drainInto(fold);
    const bytes = bytesFromFold(fold, plan.tableRoom);
    clearFold(fold, plan);
    return bytes;
  }

  close(): void {
    this.#state?.sums.free();
  }
}
