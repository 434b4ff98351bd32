/** Writes numbers, bytes and arrays one after the other, little-endian; arrays of numbers are aligned to their width. */
export class ByteWriter {
  /** What was written, as views of what was given, until all is copied once. */
  readonly #chunks: Uint8Array[] = [];
  #size = 0;

  uint32(value: number): void {
    this.#put(Uint32Array.of(value));
  }

  float64(value: number): void {
    this.#put(Float64Array.of(value));
  }

  /** One array of all `values`. */
  bytes(...values: readonly Uint8Array[]): void {
    this.uint32(values.reduce((length, value) => length + value.length, 0));
    for (const value of values) this.#put(value);
  }

  ints(value: Int32Array): void {
    this.uint32(value.length);
    this.#align(4);
    this.#put(value);
  }

  /** One array of all `values`. */
  doubles(...values: readonly Float64Array[]): void {
    this.uint32(values.reduce((length, value) => length + value.length, 0));
    this.#align(8);
    for (const value of values) this.#put(value);
  }

  /**
   * All that was written, in `room` where it fits, else in a buffer of its own; arrays that were given are read now. With a
   * room that is too small the buffer is a little larger than needed, to be the room of the next.
   */
  done(room?: ArrayBuffer): Uint8Array<ArrayBuffer> {
    const fits = room !== undefined && room.byteLength >= this.#size;
    const own = room === undefined ? this.#size : Math.ceil(this.#size * SLACK);
    const bytes = new Uint8Array(fits ? room : new ArrayBuffer(own), 0, this.#size);
    let at = 0;
    for (const chunk of this.#chunks) {
      bytes.set(chunk, at);
      at += chunk.length;
    }
    return bytes;
  }

  #align(width: number): void {
    const over = this.#size % width;
    if (over !== 0) this.#put(new Uint8Array(width - over));
  }

  #put(value: Uint8Array | Uint32Array | Int32Array | Float64Array): void {
    this.#chunks.push(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
    this.#size += value.byteLength;
  }
}

/** States of as many rows differ in length by a few parts in a hundred. */
const SLACK = 1.125;
