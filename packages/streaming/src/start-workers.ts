/**
 * Starts workers before the rest of this package is loaded.
 *
 * @module
 */
import { parallelism, spawn } from "#spawn";
import type { PlatformWorker } from "./worker/platform-worker.ts";

/** Workers that load while their starter goes on loading itself; `createPool` takes them over, and ends them. */
export class StartedWorkers {
  readonly #workers: PlatformWorker[];

  /** Use {@link startWorkers}. */
  constructor(workers: PlatformWorker[]) {
    this.#workers = workers;
  }

  /** Gives one of them away; undefined where none is left. */
  take(): PlatformWorker | undefined {
    return this.#workers.shift();
  }

  /** Ends those that are left. */
  end(): void {
    for (const worker of this.#workers.splice(0)) worker.terminate();
  }
}

/** More are started when a job needs them: a short one needs one or two. */
const MOST = 2;

/**
 * Starts up to two workers of the `workers` that a pool is going to have, by default as many as it has by default. They
 * do not keep the process alive. A program that knows from its beginning that it will need them spares the time that
 * they take to load, some 50 ms.
 */
export function startWorkers(workers: number = parallelism()): StartedWorkers {
  // A wrong number is for createPool to refuse; no more are started than a machine runs at once.
  const most = typeof workers === "number" ? workers : 0;
  return new StartedWorkers(Array.from({ length: Math.max(0, Math.min(most, parallelism(), MOST)) }, spawn));
}
