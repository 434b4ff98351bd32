import { LossflowError } from "@lossflow/core";

/** Reads what a ByteWriter wrote. Each method throws LF_STATE_DAMAGED where the bytes end too early. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  /** Arrays that are read share the memory of `bytes` where its beginning is aligned to 8. */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
    this.#view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset, this.#bytes.byteLength);
  }

  get ended(): boolean {
    return this.#at === this.#bytes.length;
  }

  uint32(): number {
    return this.#view.getUint32(this.#step(4), true);
  }

  float64(): number {
    return this.#view.getFloat64(this.#step(8), true);
  }

  /** A count of things of at least `size` bytes each, all of which must still follow. */
  count(size: number): number {
    const count = this.uint32();
    if (this.#at + count * size > this.#bytes.length) throw this.damaged();
    return count;
  }

  bytes(): Uint8Array {
    const length = this.uint32();
    const at = this.#step(length);
    return this.#bytes.subarray(at, at + length);
  }

  ints(): Int32Array {
    const length = this.uint32();
    this.#align(4);
    return new Int32Array(this.#bytes.buffer, this.#bytes.byteOffset + this.#step(4 * length), length);
  }

  doubles(): Float64Array {
    const length = this.uint32();
    this.#align(8);
    return new Float64Array(this.#bytes.buffer, this.#bytes.byteOffset + this.#step(8 * length), length);
  }

  damaged(): LossflowError {
    return new LossflowError("LF_STATE_DAMAGED", "The state of a job is cut or changed.");
  }

  #align(width: number): void {
    while (this.#at % width !== 0) if (this.#bytes[this.#step(1)] !== 0) throw this.damaged();
  }

  #step(size: number): number {
    const at = this.#at;
    if (at + size > this.#bytes.length) throw this.damaged();
    this.#at += size;
    return at;
  }
}
