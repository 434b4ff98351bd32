/**
 * Takes promises in their order and hands each result on in that order, with a bounded number of them open: the credit
 * window that keeps a fast source from running ahead of slow workers.
 *
 * Order makes what is reported independent of timing: of several failures the first in order is the one that counts.
 */
export class OrderedResults<T> {
  readonly #credits: number;
  readonly #take: (result: T) => void;
  readonly #onFailure: () => void;
  #open = 0;
  #tail: Promise<void> = Promise.resolve();
  #failure: { readonly error: unknown } | undefined;
  #wake: (() => void) | undefined;

  /** `onFailure` is called once, when the first failure in order is met. */
  constructor(credits: number, take: (result: T) => void, onFailure: () => void) {
    this.#credits = credits;
    this.#take = take;
    this.#onFailure = onFailure;
  }

  get failed(): boolean {
    return this.#failure !== undefined;
  }

  /** Waits until another promise may be opened, or something has failed. */
  async credit(): Promise<void> {
    while (this.#open >= this.#credits && !this.failed) {
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  push(result: Promise<T>): void {
    this.#open++;
    const settled = result.then(
      (value) => () => this.#take(value),
      (error: unknown) => () => {
        throw error;
      },
    );
    this.#tail = this.#tail.then(async () => {
      const take = await settled;
      try {
        if (!this.failed) take();
      } catch (error) {
        this.#failure = { error };
        this.#onFailure();
      }
      this.#open--;
      this.#wake?.();
    });
  }

  /** Waits for all; throws the first failure in order. */
  async end(): Promise<void> {
    await this.#tail;
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}
