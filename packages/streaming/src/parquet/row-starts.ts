import { ReusedRoom } from "../columns/row-room.ts";
import type { HybridReader } from "./rle-levels.ts";

/** Levels that are decoded at a time. */
const SOME_LEVELS = 2 ** 14;

/**
 * Finds in the repetition levels of a page where rows of lists end, ahead of whoever decodes them: an entry of level 0
 * begins a row, and those behind it belong to it.
 * Source: Parquet format, README.md, "Nested Encoding".
 */
export class RowStarts {
  readonly #levels: HybridReader;
  readonly #room = new ReusedRoom();
  #left: number;
  #some: Int32Array = new Int32Array(0);
  #at = 0;

  /** @param entries of the page. */
  constructor(levels: HybridReader, entries: number) {
    this.#levels = levels;
    this.#left = entries;
  }

  /**
   * Passes entries until `rows` rows have begun and the next one does, or the page ends.
   * @returns how many they are, and how many rows begin among them. @throws LF_PARQUET_INVALID
   */
  pass(rows: number): { readonly entries: number; readonly begun: number } {
    let entries = 0;
    let begun = 0;
    for (;;) {
      const from = this.#at;
      for (; this.#at < this.#some.length; this.#at++) {
        if (this.#some[this.#at] !== 0) continue;
        if (begun === rows) return { entries: entries + this.#at - from, begun };
        begun++;
      }
      entries += this.#at - from;
      if (this.#left === 0) return { entries, begun };
      this.#room.clear();
      this.#some = this.#levels.take(Math.min(this.#left, SOME_LEVELS), this.#room);
      this.#left -= this.#some.length;
      this.#at = 0;
    }
  }
}
