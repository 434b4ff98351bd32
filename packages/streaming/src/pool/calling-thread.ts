import { LossflowError } from "@lossflow/core";
import { createFolder, type FoldResult, type FoldTask } from "../worker/fold-task.ts";
import type { StateRooms } from "./state-rooms.ts";
import type { RowsFold, TaskRunner } from "./task-runner.ts";
import { aborted } from "./worker-pool.ts";

/** The event loop gets a turn at least this often, in milliseconds, so that a cancellation is heard. */
const TURN = 30;

/**
 * Folds tasks in the calling thread, where workers are not wanted or not possible: one after the other, since the memory
 * that files are read into is one. The figures are the same.
 */
export class CallingThread implements TaskRunner {
  readonly workers = 0;
  readonly shared = false;
  readonly #folder = createFolder();
  #lastTurn = 0;
  #turn: Promise<unknown> = Promise.resolve();
  #closed = false;

  run(task: FoldTask, signal: AbortSignal, rooms?: StateRooms): Promise<FoldResult> {
    return this.#inTurn(() => this.#folder.fold({ ...task, room: rooms?.take() }), signal);
  }

  open(plan: string): RowsFold {
    const session = this.#folder.open(plan);
    return {
      add: (segments, signal) => this.#inTurn(() => session.add(segments), signal),
      take: () => session.take(),
      close: () => session.close(),
    };
  }

  #inTurn<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const done = this.#turn.then(async () => {
      if (performance.now() - this.#lastTurn > TURN) {
        await new Promise((resolve) => setTimeout(resolve, 0));
        this.#lastTurn = performance.now();
      }
      if (this.#closed) throw new LossflowError("LF_POOL_CLOSED", "The pool was closed; make a new one.");
      if (signal.aborted) throw aborted();
      return work();
    });
    this.#turn = done.catch(() => undefined);
    return done;
  }

  close(): Promise<void> {
    this.#closed = true;
    return Promise.resolve();
  }
}
