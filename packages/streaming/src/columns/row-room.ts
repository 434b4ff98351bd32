/** Gives arrays of zeros for what is read and worked out of rows. */
export interface RowRoom {
  bytes(length: number): Uint8Array;
  ints(length: number): Int32Array;
  floats(length: number): Float32Array;
  doubles(length: number): Float64Array;
}

/** Arrays of their own. */
export const OWN_ROOM: RowRoom = {
  bytes: (length) => new Uint8Array(length),
  ints: (length) => new Int32Array(length),
  floats: (length) => new Float32Array(length),
  doubles: (length) => new Float64Array(length),
};

/** Rooms beyond this many bytes are not kept for the next segment. */
const MOST_KEPT = 2 ** 24;

/**
 * Gives parts of one memory, which all are free again after {@link ReusedRoom.clear}. V8 lets 64 MB of arrays that
 * nobody holds gather in each thread before it looks for them.
 */
export class ReusedRoom implements RowRoom {
  #memory = new ArrayBuffer(0);
  #used = 0;
  #place = 0;

  clear(): void {
    if (this.#used > this.#memory.byteLength && this.#used <= MOST_KEPT)
      this.#memory = new ArrayBuffer(this.#used);
    this.#used = 0;
  }

  bytes(length: number): Uint8Array {
    return new Uint8Array(this.#take(length), this.#place, length).fill(0);
  }

  ints(length: number): Int32Array {
    return new Int32Array(this.#take(4 * length), this.#place, length).fill(0);
  }

  floats(length: number): Float32Array {
    return new Float32Array(this.#take(4 * length), this.#place, length).fill(0);
  }

  doubles(length: number): Float64Array {
    return new Float64Array(this.#take(8 * length), this.#place, length).fill(0);
  }

  /** @returns the memory in which `size` bytes from `#place` on are the caller's. */
  #take(size: number): ArrayBuffer {
    this.#place = this.#used;
    this.#used += Math.ceil(size / 8) * 8;
    if (this.#used <= this.#memory.byteLength) return this.#memory;
    this.#place = 0;
    return new ArrayBuffer(size);
  }
}
