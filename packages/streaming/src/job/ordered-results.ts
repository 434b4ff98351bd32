/** Bytes that open promises may hold together before another is made ready. */
const MOST_BYTES = 96 * 2 ** 20;

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
  #bytes = 0;
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
    while (this.#open >= this.#credits && !this.failed) await this.#change();
  }

  /** Waits while open promises hold so much memory that nothing more should be read, unless something has failed. */
  async memory(): Promise<void> {
    while (this.#bytes >= MOST_BYTES && !this.failed) await this.#change();
  }

  #change(): Promise<void> {
    return new Promise<void>((resolve) => (this.#wake = resolve));
  }

  /** @param bytes what it holds until it has been handed on. */
  push(result: Promise<T>, bytes: number): void {
    this.#open++;
    this.#bytes += bytes;
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
      this.#bytes -= bytes;
      this.#wake?.();
    });
  }

  /** Waits for all; throws the first failure in order. */
  async end(): Promise<void> {
    await this.#tail;
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}
