const LF = 10;
const LONGEST = 1 << 16;

/** The lines of a row whose quote is still open. */
export class OpenRow {
  #lines: Uint8Array[] = [];
  #length = 0;

  /** Whether a row is open. */
  get isOpen(): boolean {
    return this.#lines.length > 0;
  }

  /** Its lines are so long that the quote will hardly close. */
  get isTooLong(): boolean {
    return this.#length > LONGEST;
  }

  /** Adds a line, without its end; the bytes are copied. */
  add(bytes: Uint8Array, start: number, end: number): void {
    this.#length += end - start + (this.isOpen ? 1 : 0);
    this.#lines.push(bytes.slice(start, end));
  }

  /** Its lines as one row, line ends between them. */
  joined(): Uint8Array {
    const joined = new Uint8Array(this.#length);
    let at = 0;
    this.#lines.forEach((line, i) => {
      if (i > 0) joined[at++] = LF;
      joined.set(line, at);
      at += line.length;
    });
    return joined;
  }

  /** Forgets the row, and returns its lines. */
  close(): readonly Uint8Array[] {
    const lines = this.#lines;
    this.#lines = [];
    this.#length = 0;
    return lines;
  }
}
