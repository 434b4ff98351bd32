/** The longest line that is read; longer ones are counted and ignored. */
export const LONGEST_LINE: number = 1 << 20;

const LF = 10;
const CR = 13;

/** Takes lines as ranges of bytes, without their ends. The bytes are the caller's: copy what must last. */
export interface LineConsumer {
  /**
   * Tries to read the line that begins at `start` in one pass, without being told where it ends: returns the index
   * after its line end (LF or CRLF), or -1 to have it through `line` instead.
   */
  fast(bytes: Uint8Array, start: number, end: number): number;
  /**
   * Takes a line. `redrawn`: a lone CR stands before or after it, as progress bars print. `cut`: the log ends without
   * a line end.
   */
  line(bytes: Uint8Array, start: number, end: number, redrawn: boolean, cut: boolean): void;
  /** Takes note of a line longer than LONGEST_LINE. */
  overlong(): void;
}

/**
 * Cuts a stream of bytes into lines at LF, CRLF or CR, whatever the chunks. Zeros before a line are no part of it: a
 * file that was truncated under its writer begins with a hole of them. A CR at the end of a chunk waits for the
 * next byte, which tells whether it is half of a CRLF.
 */
export class LineSplitter {
  readonly #consumer: LineConsumer;
  #tail = new Uint8Array(4096);
  #tailLength = 0;
  #dropping = false;
  #heldReturn = false;
  #afterReturn = false;

  constructor(consumer: LineConsumer) {
    this.#consumer = consumer;
  }

  /** Takes the next bytes. */
  write(chunk: Uint8Array): void {
    const end = chunk.length;
    if (end === 0) return;
    let start = 0;
    if (this.#heldReturn) {
      this.#heldReturn = false;
      const pair = chunk[0] === LF;
      this.#endTail(!pair, false);
      if (pair) start = 1;
    }
    const consumer = this.#consumer;
    let lf = -2;
    while (start < end) {
      const joins = this.#tailLength > 0 || this.#dropping;
      if (!joins) {
        while (start < end && chunk[start] === 0) start++;
        if (start === end) return;
      }
      if (!joins && !this.#afterReturn) {
        const next = consumer.fast(chunk, start, Math.min(end, start + LONGEST_LINE));
        if (next > start) {
          start = next;
          continue;
        }
      }
      if (lf !== -1 && lf < start) lf = chunk.indexOf(LF, start);
      const cr = chunk.subarray(start, lf < 0 ? end : lf).indexOf(CR);
      const at = cr >= 0 ? start + cr : lf;
      if (at < 0) {
        this.#keep(chunk, start, end);
        return;
      }
      if (cr >= 0 && at === end - 1) {
        this.#keep(chunk, start, at);
        this.#heldReturn = true;
        return;
      }
      const lone = cr >= 0 && chunk[at + 1] !== LF;
      if (joins) {
        this.#keep(chunk, start, at);
        this.#endTail(lone, false);
      } else {
        if (at - start > LONGEST_LINE) consumer.overlong();
        else consumer.line(chunk, start, at, lone || this.#afterReturn, false);
        this.#afterReturn = lone;
      }
      start = cr >= 0 && !lone ? at + 2 : at + 1;
    }
  }

  /** Ends the stream: what stands without a line end is the last line. */
  end(): void {
    if (this.#heldReturn) this.#endTail(true, false);
    else if (this.#tailLength > 0 || this.#dropping) this.#endTail(false, true);
    this.#heldReturn = false;
  }

  #endTail(lone: boolean, cut: boolean): void {
    const length = this.#tailLength;
    const dropped = this.#dropping;
    this.#tailLength = 0;
    this.#dropping = false;
    if (dropped) this.#consumer.overlong();
    else this.#consumer.line(this.#tail, 0, length, lone || this.#afterReturn, cut);
    this.#afterReturn = lone;
  }

  #keep(chunk: Uint8Array, start: number, end: number): void {
    const needed = this.#tailLength + end - start;
    if (this.#dropping || needed > LONGEST_LINE) {
      this.#dropping = true;
      this.#tailLength = 0;
      return;
    }
    if (needed > this.#tail.length) {
      const grown = new Uint8Array(Math.max(needed, this.#tail.length * 2));
      grown.set(this.#tail.subarray(0, this.#tailLength));
      this.#tail = grown;
    }
    this.#tail.set(chunk.subarray(start, end), this.#tailLength);
    this.#tailLength = needed;
  }
}
