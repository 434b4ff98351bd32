import { LossflowError } from "@lossflow/core";
import { transfer, wrap, type Endpoint, type Remote } from "comlink";
import { LONGEST_TIMER } from "../longest-timer.ts";
import { PROTOCOL, type WorkerApi } from "../worker/api.ts";
import type { FoldResult, FoldTask } from "../worker/fold-task.ts";
import type { PlatformWorker } from "../worker/platform-worker.ts";

/** A worker that does not come up within this many milliseconds is given up. Loading takes 50 to 500. */
const START_DEADLINE = 30_000;

/**
 * One worker, reached through Comlink, one call at a time.
 *
 * Comlink leaves a call open for ever when its worker dies, throws outside of the call or never answers; here each call
 * ends: with its answer, or with LF_WORKER_FAILED on death, or with LF_WORKER_TIMEOUT after its deadline. The process is
 * kept alive by a call in flight and by nothing else.
 */
export class WorkerClient {
  readonly #worker: PlatformWorker;
  readonly #api: Remote<WorkerApi>;
  #fail: ((error: LossflowError) => void) | undefined;
  #dead: LossflowError | undefined;
  #ready = false;
  #answers = 0;
  #began = false;

  constructor(worker: PlatformWorker) {
    this.#worker = worker;
    worker.onDeath((why) => this.#die(new LossflowError("LF_WORKER_FAILED", `A worker failed: ${why}.`)));
    this.#api = wrap<WorkerApi>(endpointOf(worker));
  }

  /** Whether calls can still be made; a worker may die between two. */
  get alive(): boolean {
    return this.#dead === undefined;
  }

  /**
   * Whether the failure of the last call is to be laid to its task. A worker that has answered before and failed before
   * it took the task up had failed already.
   */
  get isTaskToBlame(): boolean {
    return this.#began || this.#answers === 0;
  }

  /** Folds one task; `transfer` are the buffers that go along. */
  async fold(task: FoldTask, buffers: readonly ArrayBuffer[], deadline: number): Promise<FoldResult> {
    if (!this.#ready) {
      const version = await this.#call(() => this.#api.hello(), START_DEADLINE);
      if (version !== PROTOCOL) {
        throw this.#die(
          new LossflowError("LF_WORKER_FAILED", `A worker speaks version ${version}, not ${PROTOCOL}.`),
        );
      }
      this.#ready = true;
    }
    this.#began = false;
    const result = await this.#call<FoldResult>(() => {
      // Answered when the worker comes to the task behind it; where it dies before, it never is, and its death is told.
      this.#api.hello().then(
        () => (this.#began = true),
        () => undefined,
      );
      return this.#api.fold(transfer(task, [...buffers]));
    }, deadline);
    this.#answers++;
    return result;
  }

  /** Ends the worker at once; a call in flight fails. */
  terminate(): void {
    this.#die(new LossflowError("LF_WORKER_FAILED", "A worker was ended."));
  }

  #call<T>(call: () => Promise<T>, deadline: number): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.#dead !== undefined) {
        reject(this.#dead);
        return;
      }
      this.#worker.keepAlive(true);
      const timer = setTimeout(
        () => {
          this.#die(
            new LossflowError("LF_WORKER_TIMEOUT", `A worker gave no answer within ${deadline / 1000} s.`),
          );
        },
        Math.min(deadline, LONGEST_TIMER),
      );
      const settle = (): void => {
        clearTimeout(timer);
        this.#fail = undefined;
        this.#worker.keepAlive(false);
      };
      this.#fail = (error) => {
        settle();
        reject(error);
      };
      call().then(
        (value) => {
          if (this.#fail !== undefined) settle();
          resolve(value);
        },
        (error: unknown) => {
          if (this.#fail !== undefined) settle();
          reject(error);
        },
      );
    });
  }

  #die(error: LossflowError): LossflowError {
    if (this.#dead === undefined) {
      this.#dead = error;
      this.#worker.terminate();
      this.#fail?.(error);
    }
    return this.#dead;
  }
}

/** The worker as Comlink wants it. */
function endpointOf(worker: PlatformWorker): Endpoint {
  const listeners = new Set<EventListenerOrEventListenerObject>();
  worker.onMessage((data) => {
    const event = { data } as MessageEvent;
    for (const listener of listeners) {
      if (typeof listener === "function") listener(event);
      else listener.handleEvent(event);
    }
  });
  return {
    postMessage: (message: unknown, buffers?: Transferable[]) =>
      worker.postMessage(message, (buffers ?? []) as ArrayBuffer[]),
    addEventListener: (_type, listener) => void listeners.add(listener),
    removeEventListener: (_type, listener) => void listeners.delete(listener),
  };
}
