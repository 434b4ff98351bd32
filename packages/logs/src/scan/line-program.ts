/** The longest line that the machine reads: what it holds of a chunk reaches at least as far. */
export const LONGEST_LINE: number = 1 << 14;

/** What stands in a line behind a literal. */
export type Slot = "number" | "blanks" | "digits" | "string";

const CODES: Readonly<Record<Slot, number>> = { number: 1, blanks: 2, digits: 3, string: 4 };
const HEADER = 16;

/** The shape of a line as the line machine takes it: literals, and what stands between them. */
export class LineProgram {
  /** Steps: the length of a literal, what follows it, the literal in 16s of bytes. */
  readonly code: Uint8Array;
  /** Numbers in a line. */
  readonly slots: number;
  /** Where the machine keeps it, and since when. */
  address = -1;
  generation = -1;

  constructor(code: Uint8Array, slots: number) {
    this.code = code;
    this.slots = slots;
  }
}

/** Puts a program together in the order of the line. */
export class LineProgramBuilder {
  readonly #code: number[] = [];
  #literal: number[] = [];
  #slots = 0;
  #sound = true;

  /** Adds bytes that every line has. */
  literal(bytes: Iterable<number>): void {
    for (const byte of bytes) {
      // NUL is what stands behind the bytes that the machine holds.
      if (byte === 0) this.#sound = false;
      this.#literal.push(byte);
    }
  }

  /** Adds what varies; `quote` closes a string. */
  slot(slot: Slot, quote = 0): void {
    if (slot === "number") this.#slots++;
    this.#step(CODES[slot] | (quote << 8));
  }

  /** Ends the line; null where the machine cannot read such lines. */
  end(): LineProgram | null {
    this.#step(0);
    return this.#sound && this.#slots > 0 ? new LineProgram(Uint8Array.from(this.#code), this.#slots) : null;
  }

  #step(action: number): void {
    const literal = this.#literal;
    this.#literal = [];
    const header = new Uint32Array(HEADER / 4);
    header[0] = literal.length;
    header[1] = action;
    for (const byte of new Uint8Array(header.buffer)) this.#code.push(byte);
    for (const byte of literal) this.#code.push(byte);
    while (this.#code.length % 16 !== 0) this.#code.push(0);
  }
}
