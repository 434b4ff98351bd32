import { BucketCounts } from "./bucket-counts.ts";

/** Bytes of a page. */
export const PAGE: number = 2 ** 17;
/** Pages that are kept while nobody has them. */
const MOST_FREE = 128;

/**
 * The memory that the sketches of one state are worked out in: pages that are used again, and what is needed for a while
 * only. Arrays that are made anew each time fill 64 MB of a thread before V8 looks for those that nobody holds.
 */
export class SketchRoom {
  #counts: BucketCounts | undefined;
  readonly #free: Uint8Array[] = [];
  readonly #ints: Map<string, Int32Array> = new Map();
  #doubles: Float64Array = new Float64Array(0);

  /** Takes the counts of one cell at a time. Made when first needed: it takes 70 kB, and 4 MB where losses lie at both ends of all that there are. */
  get counts(): BucketCounts {
    return (this.#counts ??= new BucketCounts());
  }

  /** Gives a page with at least `least` bytes, as it was left. */
  take(least: number): Uint8Array {
    return (least <= PAGE ? this.#free.pop() : undefined) ?? new Uint8Array(Math.max(PAGE, least));
  }

  /** Takes a page back; memory of others is left to them. */
  give(page: Uint8Array): void {
    const isPage = page.byteLength === PAGE && page.buffer.byteLength === PAGE;
    if (isPage && this.#free.length < MOST_FREE) this.#free.push(page);
  }

  /** Gives `length` integers that the next call by this name takes over, as they were left. */
  ints(name: string, length: number): Int32Array {
    let ints = this.#ints.get(name);
    if (ints === undefined || ints.length < length)
      this.#ints.set(name, (ints = new Int32Array(Math.ceil(1.25 * length))));
    return ints.subarray(0, length);
  }

  /** Gives `length` numbers that the next call takes over, as they were left. */
  doubles(length: number): Float64Array {
    if (this.#doubles.length < length) this.#doubles = new Float64Array(Math.ceil(1.25 * length));
    return this.#doubles.subarray(0, length);
  }
}
