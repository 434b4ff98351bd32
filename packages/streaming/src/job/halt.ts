import { aborted } from "../pool/worker-pool.ts";

/** How long something that was ended may take to end in good order, in milliseconds. */
const GRACE = 20;

/** Whether reading is to end: when a job is cancelled, and when a chunk has failed. A source may be silent for ever. */
export class Halt {
  readonly #waiting = new Set<() => void>();
  readonly #cancel: AbortSignal;
  readonly #halt = (): void => this.halt();
  #halted = false;

  /** `cancel` halts too. */
  constructor(cancel: AbortSignal) {
    this.#cancel = cancel;
    cancel.addEventListener("abort", this.#halt);
    if (cancel.aborted) this.halt();
  }

  get halted(): boolean {
    return this.#halted;
  }

  halt(): void {
    this.#halted = true;
    this.#cancel.removeEventListener("abort", this.#halt);
    for (const stop of this.#waiting) stop();
  }

  /** Waits for a source, but not once reading is to end. @throws LF_ABORTED, which gives way to a failure */
  async orWait<T>(wait: Promise<T>): Promise<T> {
    let stop!: () => void;
    const halted = new Promise<never>((_, refuse) => {
      stop = () => refuse(aborted());
    });
    this.#waiting.add(stop);
    if (this.#halted) stop();
    try {
      return await Promise.race([wait, halted]);
    } finally {
      this.#waiting.delete(stop);
    }
  }

  /** Waits until a source has closed, but not for ever where reading was ended. */
  async orClose(closing: Promise<unknown>): Promise<void> {
    if (!this.halted) {
      await closing;
      return;
    }
    await Promise.race([Promise.allSettled([closing]), new Promise((resolve) => setTimeout(resolve, GRACE))]);
  }
}
