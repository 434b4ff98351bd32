import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { PlatformWorker } from "./platform-worker.ts";

/** How many workers this machine runs at once. */
export function parallelism(): number {
  return availableParallelism();
}

/**
 * MiB of a worker's young objects. Node's own limit of 48 fills up with what tasks leave behind, in every worker; rows
 * are in typed arrays, outside of it.
 */
const YOUNG_MIB = 3;

/** Starts a worker thread. Flags of the parent, such as those of a debugger or a test runner, are not passed on. */
export function spawn(): PlatformWorker {
  const worker = new Worker(new URL("../bundled/worker.js", import.meta.url), {
    execArgv: [],
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MIB },
  });
  return platformWorker(worker);
}

/** Makes a worker thread what the pool needs. */
export function platformWorker(worker: Worker): PlatformWorker {
  worker.unref();
  let died: string | undefined;
  let tell: ((why: string) => void) | undefined;
  const die = (why: string): void => {
    if (died !== undefined) return;
    died = why;
    tell?.(why);
  };
  // An `error` event that nobody hears ends the whole process.
  worker.on("error", (error) => die(error instanceof Error ? error.message : String(error)));
  worker.on("messageerror", (error) => die(`a message could not be read: ${error.message}`));
  worker.on("exit", (code) => die(`it ended with code ${code}`));
  return {
    postMessage: (message, transfer) => worker.postMessage(message, transfer),
    onMessage(listener) {
      worker.on("message", listener);
      // Listening makes the worker hold the process again.
      worker.unref();
    },
    onDeath(listener) {
      tell = listener;
      if (died !== undefined) listener(died);
    },
    terminate() {
      worker.terminate().then(undefined, (error: unknown) => die(String(error)));
    },
    keepAlive(on) {
      if (on) worker.ref();
      else worker.unref();
    },
  };
}
