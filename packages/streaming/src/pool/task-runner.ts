import type { FoldResult, FoldTask } from "../worker/fold-task.ts";

/** Where tasks are folded: in workers, or in the calling thread. */
export interface TaskRunner {
  /** 0 for the calling thread. */
  readonly workers: number;
  /** Whether buffers in shared memory spare a copy. */
  readonly shared: boolean;
  run(task: FoldTask, signal: AbortSignal): Promise<FoldResult>;
  close(): Promise<void>;
}
