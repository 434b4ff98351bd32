import { Worker } from "node:worker_threads";
import { LossflowError } from "@lossflow/core";
import type { DemoJob } from "./train-demo.ts";

/** Training that goes on in a thread of its own. */
export interface Training {
  /**
   * Settles when the thread has ended: true when all is trained, false when it was stopped.
   * Rejects where it failed, with LF_UNWRITABLE where that was for the files.
   */
  readonly ended: Promise<boolean>;
  /** Ends the thread at once; what has been written stays. */
  stop(): void;
}

/** Starts the job in a worker thread. It writes files and says nothing else. */
export function startTraining(job: DemoJob): Training {
  const worker = new Worker(new URL("./training-worker.js", import.meta.url), {
    workerData: job,
    execArgv: [],
  });
  let stopped = false;
  const ended = new Promise<boolean>((resolve, reject) => {
    worker.once("error", (error) => reject(isSystemError(error) ? unwritable(job.folder, error) : error));
    worker.once("exit", () => resolve(!stopped));
  });
  return {
    ended,
    stop() {
      stopped = true;
      void worker.terminate();
    },
  };
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error && "code" in error;
}

function unwritable(folder: string, error: NodeJS.ErrnoException): LossflowError {
  return new LossflowError(
    "LF_UNWRITABLE",
    `The demo cannot write its files in ${folder}: the system says ${error.code}; name another folder with --out.`,
    { path: folder },
    { cause: error },
  );
}
