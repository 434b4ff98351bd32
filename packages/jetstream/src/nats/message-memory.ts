/** A message from this many bytes on has memory of its own. */
export const OWN_BYTES: number = 64 * 1024;

/** Memory that was given back and waits for the next message. */
const MOST_KEPT = 128;

/** The memory of long messages of one connection, used again where readers give it back. */
export class MessageMemory {
  readonly #kept: Uint8Array<ArrayBuffer>[] = [];

  /** Gives at least `size` bytes, their content anything. */
  take(size: number): Uint8Array<ArrayBuffer> {
    const fits = this.#kept.findLastIndex(({ length }) => length >= size && length <= 2 * size);
    // Not zeroed: it is written over.
    return fits === -1 ? new Uint8Array(Buffer.allocUnsafeSlow(size).buffer) : this.#kept.splice(fits, 1)[0]!;
  }

  /**
   * Takes back the memory of a long message. Whoever calls this holds the only reference to its bytes; what is never
   * given back is the garbage collector's.
   */
  give({ buffer, length }: Uint8Array): void {
    if (length < OWN_BYTES || this.#kept.length >= MOST_KEPT || !(buffer instanceof ArrayBuffer)) return;
    this.#kept.push(new Uint8Array(buffer));
  }
}
