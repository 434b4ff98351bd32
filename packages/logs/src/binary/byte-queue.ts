/** Bytes that came and were not read yet, in one piece. */
export class ByteQueue {
  /** The bytes; valid from `start` to `end`. */
  bytes: Uint8Array = new Uint8Array(0);
  start = 0;
  end = 0;

  get length(): number {
    return this.end - this.start;
  }

  /**
   * Adds a chunk. Where nothing is waiting it is used in place: read what is complete, then call `keep` before the chunk
   * is its owner's again.
   */
  push(chunk: Uint8Array): void {
    if (this.length === 0) {
      this.bytes = chunk;
      this.start = 0;
      this.end = chunk.length;
      return;
    }
    const needed = this.length + chunk.length;
    if (this.end + chunk.length > this.bytes.length) {
      const grown = new Uint8Array(Math.max(needed, 2 * this.length));
      grown.set(this.bytes.subarray(this.start, this.end));
      this.bytes = grown;
      this.end = this.length;
      this.start = 0;
    }
    this.bytes.set(chunk, this.end);
    this.end += chunk.length;
  }

  /** Copies what is left of a chunk that was used in place. */
  keep(chunk: Uint8Array): void {
    if (this.bytes !== chunk) return;
    this.bytes = chunk.slice(this.start, this.end);
    this.end -= this.start;
    this.start = 0;
  }
}
