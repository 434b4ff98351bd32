import { QuantileSketch } from "@lossflow/core/running";
import { placeOfBucket } from "./bucket-code.ts";
import type { SketchRoom } from "./sketch-room.ts";

/** Losses that are gathered before they are many: about as many as there are cells, between these. */
const LEAST_LOSSES = 2 ** 12;
const MOST_LOSSES = 2 ** 16;

/** Losses with their cells, in the order in which they came: `places[i]`, that of its bucket, is of cell `cells[i]`. */
export interface LossesOfCells {
  readonly cells: Int32Array;
  /** May be longer than `cells`. */
  readonly places: Int32Array;
}

/** Gathers losses with their cells until they are so many that counting them pays. */
export class GatheredLosses {
  readonly #room: SketchRoom;
  readonly #sketch: QuantileSketch = new QuantileSketch();
  #cells: Int32Array = new Int32Array(64);
  #places: Int32Array = new Int32Array(64);
  #length = 0;
  /** One more than the highest cell that there was since all was cleared. */
  #end = 0;

  constructor(room: SketchRoom) {
    this.#room = room;
  }

  /**
   * Adds loss i to cell `at[i]`, for 0 <= i < count, NaN left out; a negative cell leaves it out. Without `at` all go to cell 0.
   * @returns all that is gathered, where it is many: it is forgotten, and stands in the room until the next call.
   */
  add(at: Int32Array | null, losses: Float64Array, count: number): LossesOfCells | null {
    const most = this.#length + count;
    const cells = this.#room.ints("new cells", most);
    const places = this.#room.ints("new places", most);
    cells.set(this.#cells.subarray(0, this.#length));
    places.set(this.#places.subarray(0, this.#length));
    let length = this.#length;
    for (let i = 0; i < count; i++) {
      const loss = losses[i]!;
      const cell = at === null ? 0 : at[i]!;
      if (cell < 0 || Number.isNaN(loss)) continue;
      if (cell >= this.#end) this.#end = cell + 1;
      cells[length] = cell;
      places[length++] = placeOfBucket(this.#sketch.bucketOf(loss));
    }
    this.#length = 0;
    if (length >= Math.min(MOST_LOSSES, Math.max(LEAST_LOSSES, this.#end)))
      return { cells: cells.subarray(0, length), places };
    this.#keep(cells, places, length);
    return null;
  }

  /** Gives all that is gathered, however few, until some are added, and forgets it. */
  take(): LossesOfCells {
    const cells = this.#cells.subarray(0, this.#length);
    this.#length = 0;
    return { cells, places: this.#places };
  }

  /** Takes all losses out; the room stays. */
  clear(): void {
    this.#length = 0;
    this.#end = 0;
  }

  #keep(cells: Int32Array, places: Int32Array, length: number): void {
    if (length > this.#cells.length) {
      this.#cells = new Int32Array(2 * length);
      this.#places = new Int32Array(2 * length);
    }
    this.#cells.set(cells.subarray(0, length));
    this.#places.set(places.subarray(0, length));
    this.#length = length;
  }
}
