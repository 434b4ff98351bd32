import { LossflowError } from "@lossflow/core";
import { isSimdSupported } from "@lossflow/kernels";
import { parallelism, spawn } from "#spawn";
import { checkEngine, type Engine } from "../fold/engine.ts";
import { formatGiven } from "../job/format-given.ts";
import { badOption, unknownNameIn } from "../job/options.ts";
import { CallingThread } from "./calling-thread.ts";
import type { TaskRunner } from "./task-runner.ts";
import type { StartedWorkers } from "../start-workers.ts";
import { WorkerPool } from "./worker-pool.ts";

export interface PoolOptions {
  /**
   * How many workers fold at once; 0 folds in the calling thread. Default: as many as the machine runs at once, up to
   * 8, since reading keeps one thread busy long before that. Where the platform has no workers it is 0.
   */
  readonly workers?: number;
  /**
   * `js` is core's own arithmetic. `wasm-simd` is that of `@lossflow/kernels` for the losses that have a kernel there,
   * several times faster and with the same bits on every platform. `auto` (the default) takes `wasm-simd` where the
   * calling thread has SIMD, else `js`; a worker that lacks it then refuses with LF_ENGINE_MISSING.
   */
  readonly engine?: "auto" | Engine;
  /**
   * Milliseconds within which a worker must have folded one chunk, else it counts as hanging. Default 30,000. A chunk of
   * more than 2^24 numbers, read from a long file, gets as much more: up to four times as long. Infinity is never.
   */
  readonly deadline?: number;
  /** Workers of `startWorkers`, which load already: the first that the pool needs. */
  readonly started?: StartedWorkers | undefined;
}

/** Workers that jobs are folded in. Several jobs may share one. */
export interface Pool extends AsyncDisposable {
  readonly workers: number;
  readonly engine: Engine;
  /** Ends the workers at once; jobs that run are refused with LF_POOL_CLOSED. */
  close(): Promise<void>;
}

const MOST_WORKERS = 256;
/** A misspelt one would be silently without effect. */
const NAMES: readonly string[] = Object.keys({
  workers: true,
  engine: true,
  deadline: true,
  started: true,
} satisfies Record<keyof PoolOptions, true>);
const RUNNER = Symbol("runner");

/**
 * Makes a pool; its workers start when a job first needs them, and do not keep the process alive.
 * It belongs to its maker, who closes it (`await using pool = createPool()` does).
 * @throws LF_BAD_OPTION; LF_ENGINE_MISSING where `wasm-simd` is asked for on a platform without it.
 */
export function createPool(options?: PoolOptions | null): Pool {
  if (typeof (options ?? {}) !== "object")
    throw badOption(`those of a pool are ${formatGiven(options)}; give an object such as { workers: 2 }.`);
  const unknown = unknownNameIn(options ?? {}, NAMES);
  if (unknown !== undefined) throw badOption(`of a pool ${unknown}`);
  const { workers = Math.min(8, parallelism()), engine = "auto", deadline = 30_000, started } = options ?? {};
  if (!Number.isInteger(workers) || workers < 0 || workers > MOST_WORKERS) {
    throw new LossflowError(
      "LF_BAD_OPTION",
      `workers is ${formatGiven(workers)}; give a whole number from 0 to ${MOST_WORKERS}.`,
    );
  }
  if (engine !== "auto" && engine !== "js" && engine !== "wasm-simd") {
    throw new LossflowError(
      "LF_BAD_OPTION",
      `engine is ${formatGiven(engine)}; there are "auto", "js" and "wasm-simd".`,
    );
  }
  if (!(typeof deadline === "number" && deadline > 0))
    throw new LossflowError(
      "LF_BAD_OPTION",
      `deadline is ${formatGiven(deadline)}; give milliseconds above 0.`,
    );
  if (!isStarted(started))
    throw badOption("started is not what startWorkers gave; call it, or leave it out.");
  const inThread = workers === 0 || parallelism() === 0;
  const chosen = engine === "auto" ? (isSimdSupported() ? "wasm-simd" : "js") : engine;
  checkEngine(chosen);
  return poolFromRunner(
    inThread
      ? new CallingThread()
      : new WorkerPool({ workers, deadline, spawn: () => started?.take() ?? spawn() }),
    chosen,
    started,
  );
}

/** Told by what it has: it may be of another copy of this package. */
function isStarted(started: unknown): started is StartedWorkers | undefined | null {
  if (started === undefined || started === null) return true;
  const { take, end } = Object(started) as Partial<StartedWorkers>;
  return typeof take === "function" && typeof end === "function";
}

/** Makes a pool of whatever runs its tasks; `started` are ended with it, where it did not need them. */
export function poolFromRunner(runner: TaskRunner, engine: Engine, started?: StartedWorkers): Pool {
  const close = (): Promise<void> => {
    started?.end();
    return runner.close();
  };
  return {
    workers: runner.workers,
    engine,
    close,
    [ASYNC_DISPOSE]: close,
    [RUNNER]: runner,
  } as PoolOfRunner;
}

/** Finds what runs the tasks of a pool. @throws LF_BAD_OPTION for anything that createPool did not make. */
export function runnerOfPool(pool: Pool): TaskRunner {
  const runner = (pool as Partial<PoolOfRunner> | undefined)?.[RUNNER];
  if (runner === undefined)
    throw new LossflowError("LF_BAD_OPTION", "The pool is none; make one with createPool().");
  return runner;
}

interface PoolOfRunner extends Pool {
  readonly [RUNNER]: TaskRunner;
}

/** Safari has no Symbol.asyncDispose yet; `close` is there all the same. */
const ASYNC_DISPOSE: typeof Symbol.asyncDispose = Symbol.asyncDispose ?? Symbol.for("Symbol.asyncDispose");
