import { isLossflowError, LossflowError } from "@lossflow/core";
import { numbersIn } from "../job/task-batcher.ts";
import { Arena } from "../source/arena.ts";
import type { FoldResult, FoldTask } from "../worker/fold-task.ts";
import type { PlatformWorker } from "../worker/platform-worker.ts";
import { packTask, type PackedTask } from "./pack-task.ts";
import type { TaskRunner } from "./task-runner.ts";
import type { StateRooms } from "./state-rooms.ts";
import { Stops } from "./stops.ts";
import { WorkerClient } from "./worker-client.ts";

/** A chunk is tried on this many fresh workers after the first. */
const RETRIES = 2;
/** A cancelled call may end by itself for this many milliseconds before its worker is ended. */
const GRACE = 50;

/** A disk that gives 4.5 MB/s gives this many doubles within 30 seconds. */
const NUMBERS_IN_DEADLINE = 2 ** 24;

interface Job {
  readonly task: FoldTask;
  readonly signal: AbortSignal;
  readonly rooms: StateRooms | undefined;
  readonly resolve: (result: FoldResult) => void;
  readonly reject: (error: unknown) => void;
  failures: number;
}

export interface WorkerPoolOptions {
  readonly workers: number;
  /** Milliseconds within which a worker must have folded a task; more, in proportion, where it has over 2^24 numbers. */
  readonly deadline: number;
  readonly spawn: () => PlatformWorker;
}

/**
 * Folds tasks in workers, each started when it is first needed.
 *
 * A task whose worker fails on it is tried again on a fresh one, at most twice; a worker that fails between tasks is laid
 * to none. What a worker computed counts only through the
 * answer of its call, so nothing is counted twice.
 */
export class WorkerPool implements TaskRunner {
  readonly workers: number;
  readonly #options: WorkerPoolOptions;
  readonly #arena: Arena;
  readonly #idle: WorkerClient[] = [];
  readonly #busy = new Set<WorkerClient>();
  readonly #stops = new Stops();
  readonly #queue: Job[] = [];
  #closed = false;

  constructor(options: WorkerPoolOptions) {
    this.workers = options.workers;
    this.#options = options;
    this.#arena = new Arena(2 * options.workers);
  }

  get shared(): boolean {
    return this.#arena.shared;
  }

  /**
   * Folds a task. The task's memory may be given back once the promise has settled, not before.
   * @throws LF_CHUNK_FAILED where three workers failed on it, LF_POOL_CLOSED, LF_ABORTED
   */
  run(task: FoldTask, signal: AbortSignal, rooms?: StateRooms): Promise<FoldResult> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ task, signal, rooms, resolve, reject, failures: 0 });
      this.#dispatch();
    });
  }

  /** Ends all workers; what is queued or in flight is refused with LF_POOL_CLOSED. */
  close(): Promise<void> {
    this.#closed = true;
    this.#dispatch();
    for (const client of [...this.#idle, ...this.#busy]) client.terminate();
    this.#idle.length = 0;
    return Promise.resolve();
  }

  #dispatch(): void {
    for (;;) {
      const next = this.#queue[0];
      if (next === undefined) return;
      if (this.#closed || next.signal.aborted) {
        this.#queue.shift();
        next.reject(this.#closed ? closed() : aborted());
        continue;
      }
      let client = this.#idle.pop();
      while (client?.alive === false) client = this.#idle.pop();
      if (client !== undefined && next.failures > 0) {
        client.terminate();
        client = undefined;
      }
      client ??= this.#spawn();
      if (client === undefined) return;
      this.#queue.shift();
      this.#busy.add(client);
      void this.#work(client, next);
    }
  }

  #spawn(): WorkerClient | undefined {
    return this.#busy.size < this.workers ? new WorkerClient(this.#options.spawn()) : undefined;
  }

  async #work(client: WorkerClient, job: Job): Promise<void> {
    let packed: PackedTask | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const done = this.#stops.add(job.signal, () => {
      timer = setTimeout(() => client.terminate(), GRACE);
    });
    try {
      packed = packTask(job.task, this.#arena);
      const deadline = this.#options.deadline * timesOf(job.task);
      const room = job.rooms?.take();
      const buffers = room === undefined ? packed.transfer : [...packed.transfer, room];
      const result = await client.fold({ ...packed.task, room }, buffers, deadline);
      // A fault in the worker's own code may come of what it did before, such as running out of memory.
      if (!result.ok && result.error.code === "LF_INTERNAL")
        throw new LossflowError("LF_INTERNAL", result.error.message);
      this.#idle.push(client);
      job.resolve(result);
    } catch (error) {
      client.terminate();
      if (client.isTaskToBlame) job.failures++;
      this.#retry(job, error);
    } finally {
      clearTimeout(timer);
      done();
      this.#busy.delete(client);
      packed?.release();
      this.#dispatch();
    }
  }

  #retry(job: Job, error: unknown): void {
    if (this.#closed) job.reject(closed());
    else if (job.signal.aborted) job.reject(aborted());
    else if (job.failures <= RETRIES) this.#queue.unshift(job);
    else job.reject(chunkFailed(job, error));
  }
}

/** How often the deadline is given to a task: what it reads from a file may come slowly. */
function timesOf({ segments }: FoldTask): number {
  const numbers = segments.reduce((sum, { payload }) => sum + numbersIn(payload), 0);
  return Math.max(1, numbers / NUMBERS_IN_DEADLINE);
}

function chunkFailed(job: Job, cause: unknown): LossflowError {
  const first = job.task.segments[0]!;
  const last = job.task.segments.at(-1)!;
  const why = isLossflowError(cause) ? cause.message : String(cause);
  return new LossflowError(
    "LF_CHUNK_FAILED",
    `${first.source}, rows ${first.firstRow} to ${last.firstRow + last.rows - 1}: ${job.failures} workers failed on them. ${why}`,
    { path: first.source, row: first.firstRow },
    { cause },
  );
}

function closed(): LossflowError {
  return new LossflowError("LF_POOL_CLOSED", "The pool was closed; make a new one.");
}

/** What a cancelled job ends with. */
export function aborted(): LossflowError {
  return new LossflowError("LF_ABORTED", "The job was cancelled.");
}
