/** Writes numbers, bytes and arrays one after the other, little-endian; arrays of numbers are aligned to their width. */
export class ByteWriter {
  #bytes: Uint8Array<ArrayBuffer>;
  #size = 0;
  #expected = 0;

  /** @param room memory to write to, taken over; what does not fit it is moved to a larger one. */
  constructor(room: ArrayBuffer = new ArrayBuffer(LEAST_ROOM)) {
    this.#bytes = new Uint8Array(room);
  }

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

  /** How many bytes were written. */
  get size(): number {
    return this.#size;
  }

  /** All that was written, at the beginning of its buffer. */
  done(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#size);
  }

  /** Says how many bytes it will probably be in all: where there is no room for more, there will be for so many. */
  expect(size: number): void {
    this.#expected = size;
  }

  #align(width: number): void {
    const over = this.#size % width;
    if (over !== 0) this.#put(new Uint8Array(width - over));
  }

  #put(value: Uint8Array | Uint32Array | Int32Array | Float64Array): void {
    const size = this.#size + value.byteLength;
    if (size > this.#bytes.length) this.#grow(this.#expected > size ? this.#expected : 2 * size);
    this.#bytes.set(new Uint8Array(value.buffer, value.byteOffset, value.byteLength), this.#size);
    this.#size = size;
  }

  /** The room is used again: one that is somewhat larger holds the next, which may be somewhat longer. */
  #grow(size: number): void {
    const bytes = new Uint8Array(Math.ceil(1.1 * size));
    bytes.set(this.#bytes.subarray(0, this.#size));
    this.#bytes = bytes;
  }
}

const LEAST_ROOM = 2 ** 12;
