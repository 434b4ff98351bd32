/**
 * Hands out byte buffers and takes them back, so that a long stream runs in the same few. Where the platform has
 * shared memory they are shared: a worker then reads them where they are, and a chunk that must be tried again is
 * still there.
 *
 * A buffer belongs to its taker until it is given back; nothing may read it after that.
 */
export class Arena {
  readonly shared: boolean;
  readonly #most: number;
  #free: Uint8Array[] = [];

  /** @param most how many buffers are kept for reuse. */
  constructor(most: number, shared: boolean = canShare()) {
    this.#most = most;
    this.shared = shared;
  }

  /** Gives a buffer of at least `size` bytes, its content anything. */
  take(size: number): Uint8Array {
    let best = -1;
    for (const [i, buffer] of this.#free.entries()) {
      if (buffer.length >= size && (best === -1 || buffer.length < this.#free[best]!.length)) best = i;
    }
    if (best !== -1 && this.#free[best]!.length <= 4 * size + 65536) return this.#free.splice(best, 1)[0]!;
    const rounded = Math.ceil(Math.max(size, 1) / 65536) * 65536;
    return new Uint8Array(this.shared ? new SharedArrayBuffer(rounded) : new ArrayBuffer(rounded));
  }

  give(buffer: Uint8Array): void {
    this.#free.push(buffer);
    if (this.#free.length > this.#most) this.#free.shift();
  }
}

/** Whether memory can be shared with workers here: always in Node, in a page only when it is isolated. */
function canShare(): boolean {
  if (typeof SharedArrayBuffer === "undefined") return false;
  return !("crossOriginIsolated" in globalThis) || globalThis.crossOriginIsolated;
}
