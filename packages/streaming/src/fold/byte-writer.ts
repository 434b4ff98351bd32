/** Writes numbers, bytes and arrays one after the other, little-endian; arrays of numbers are aligned to their width. */
export class ByteWriter {
  #bytes: Uint8Array<ArrayBuffer> = new Uint8Array(1024);
  #view: DataView = new DataView(this.#bytes.buffer);
  #at = 0;

  uint32(value: number): void {
    this.#reserve(4);
    this.#view.setUint32(this.#at, value, true);
    this.#at += 4;
  }

  float64(value: number): void {
    this.#reserve(8);
    this.#view.setFloat64(this.#at, value, true);
    this.#at += 8;
  }

  bytes(value: Uint8Array): void {
    this.uint32(value.length);
    this.#put(value);
  }

  ints(value: Int32Array): void {
    this.uint32(value.length);
    this.#align(4);
    this.#put(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  }

  doubles(value: Float64Array): void {
    this.uint32(value.length);
    this.#align(8);
    this.#put(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  }

  /** What was written, in a buffer of its own. */
  done(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#at);
  }

  #align(width: number): void {
    while (this.#at % width !== 0) {
      this.#reserve(1);
      this.#bytes[this.#at++] = 0;
    }
  }

  #put(value: Uint8Array): void {
    this.#reserve(value.length);
    this.#bytes.set(value, this.#at);
    this.#at += value.length;
  }

  #reserve(size: number): void {
    if (this.#at + size <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(2 * this.#bytes.length, this.#at + size));
    larger.set(this.#bytes);
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }
}
