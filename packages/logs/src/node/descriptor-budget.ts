/** Something that holds a file descriptor and can do without it for a while. */
export interface DescriptorHolder {
  release(): Promise<void>;
}

/**
 * Bounds the descriptors that followed files keep open: the one that was longest quiet gives its own back. A file
 * without one is found to have changed all the same; only what is written to it after it was renamed is missed.
 */
export class DescriptorBudget {
  readonly #limit: number;
  readonly #holders = new Set<DescriptorHolder>();

  /** `limit`: 256 leaves room below the usual limit of 1,024 for everything else. */
  constructor(limit = 256) {
    this.#limit = limit;
  }

  /** Notes that `holder` has a descriptor and used it last. */
  async take(holder: DescriptorHolder): Promise<void> {
    this.#holders.delete(holder);
    this.#holders.add(holder);
    for (const oldest of this.#holders) {
      if (this.#holders.size <= this.#limit) return;
      this.#holders.delete(oldest);
      await oldest.release();
    }
  }

  /** Notes that `holder` has none any more. */
  drop(holder: DescriptorHolder): void {
    this.#holders.delete(holder);
  }
}
