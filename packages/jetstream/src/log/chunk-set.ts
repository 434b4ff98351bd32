import { LossflowError } from "@lossflow/core";

/**
 * The set of the chunks that a state holds: all below a mark, and single ones above it. Chunks come nearly in order, so
 * it stays a few numbers long however many there are; a mark alone would not do, since a producer's second try can land
 * behind its next chunk.
 */
export class ChunkSet {
  #below = 0;
  readonly #above = new Set<number>();

  /** How many chunks it holds. */
  get size(): number {
    return this.#below + this.#above.size;
  }

  has(chunk: number): boolean {
    return chunk < this.#below || this.#above.has(chunk);
  }

  /** Adds a chunk; tells whether it was new. */
  add(chunk: number): boolean {
    if (this.has(chunk)) return false;
    this.#above.add(chunk);
    while (this.#above.delete(this.#below)) this.#below++;
    return true;
  }

  /** Adds all that another set holds. */
  addAll(other: ChunkSet): void {
    for (let chunk = this.#below; chunk < other.#below; chunk++) this.add(chunk);
    for (const chunk of other.#above) this.add(chunk);
  }

  /** The lowest `most` chunks below `end` that it does not hold. */
  missing(end: number, most: number): number[] {
    const missing: number[] = [];
    for (let chunk = this.#below; chunk < end && missing.length < most; chunk++) {
      if (!this.#above.has(chunk)) missing.push(chunk);
    }
    return missing;
  }

  /** The mark, then ranges `[from, to)` above it: the same for the same set. */
  toRanges(): number[] {
    const ranges = [this.#below];
    for (const chunk of [...this.#above].sort((a, b) => a - b)) {
      if (ranges.length > 1 && ranges.at(-1) === chunk) ranges[ranges.length - 1] = chunk + 1;
      else ranges.push(chunk, chunk + 1);
    }
    return ranges;
  }

  /** Reads what `toRanges` gave. @throws LF_STATE_DAMAGED */
  static fromRanges(ranges: readonly number[]): ChunkSet {
    const set = new ChunkSet();
    const ascending = ranges.every(
      (bound, i) => Number.isSafeInteger(bound) && bound >= 0 && (i === 0 || bound > ranges[i - 1]!),
    );
    if (ranges.length % 2 !== 1 || !ascending) {
      throw new LossflowError("LF_STATE_DAMAGED", "The set of chunks in a checkpoint is damaged.");
    }
    set.#below = ranges[0]!;
    for (let i = 1; i < ranges.length; i += 2) {
      for (let chunk = ranges[i]!; chunk < ranges[i + 1]!; chunk++) set.#above.add(chunk);
    }
    return set;
  }
}
