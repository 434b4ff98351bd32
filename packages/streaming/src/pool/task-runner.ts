import type { FoldResult, FoldTask, TaskSegment } from "../worker/fold-task.ts";
import type { StateRooms } from "./state-rooms.ts";

/** Where tasks are folded: in workers, or in the calling thread. */
export interface TaskRunner {
  /** 0 for the calling thread. */
  readonly workers: number;
  /** Whether buffers in shared memory spare a copy. */
  readonly shared: boolean;
  /** @param rooms where memory for the state may be taken from. */
  run(task: FoldTask, signal: AbortSignal, rooms?: StateRooms): Promise<FoldResult>;
  /** Begins a state that rows are added to as they come; absent where threads share the tasks. */
  open?(plan: string): RowsFold;
  close(): Promise<void>;
}

/** A partial state that rows of one plan are added to. */
export interface RowsFold {
  /** @returns whether all rows were added. Else it holds some of them, and is of no more use. @throws LF_ABORTED, LF_POOL_CLOSED */
  add(segments: readonly TaskSegment[], signal: AbortSignal): Promise<boolean>;
  /** Gives the partial state of all rows since the last one, null where there were none; not while rows are added. */
  take(): Uint8Array<ArrayBuffer> | null;
  close(): void;
}
