/** Counts steps over epochs: those of the epochs before, each as long as the one at hand, and those of this one. */
export class EpochSteps {
  #first = NaN;
  #epoch = NaN;

  /** An epoch was named. */
  get begun(): boolean {
    return !Number.isNaN(this.#epoch);
  }

  /** Begins an epoch; the first one named, 0 or 1, is the base. */
  begin(epoch: number): void {
    if (Number.isNaN(this.#first)) this.#first = Math.min(epoch, 1);
    this.#epoch = epoch;
  }

  /** The place of batch `at` of `of` in the epoch. */
  place(at: number, of: number): { step: number; epoch: number } {
    const before = Number.isNaN(of) ? 0 : (this.#epoch - this.#first) * of;
    return { step: before + at, epoch: this.#epoch };
  }
}
