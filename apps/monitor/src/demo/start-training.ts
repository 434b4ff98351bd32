import { Worker } from "node:worker_threads";
import type { DemoJob } from "./train-demo.ts";

/** Training that goes on in a thread of its own. */
export interface Training {
  /** Settles when the thread has ended: true when all is trained, false when it was stopped; rejects if it failed. */
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
    worker.once("error", reject);
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
