import type { ByteReader } from "../format.ts";
import type { LineTally } from "../line-tally.ts";
import type { DocumentReader } from "./document-reader.ts";

const LF = 10;
const CR = 13;
const BRACE = 123;
const NOTHING = new Uint8Array(0);

/**
 * Reads what begins with an object on a line of more than 1 MiB. That is a document without line ends, and read as one
 * while it comes; or, where the line ends with the object and another follows, JSON lines whose first is too long to be
 * read (a dump of the settings). Either way nothing needs to be kept.
 */
export class LongFirstLine implements ByteReader {
  readonly #document: DocumentReader;
  readonly #openLines: () => ByteReader;
  #lines: ByteReader | null = null;
  #state: "first line" | "behind it" | "document" = "first line";

  /** `document` must hold back what only a document's end tells. */
  constructor(document: DocumentReader, openLines: () => ByteReader) {
    this.#document = document;
    this.#openLines = openLines;
  }

  get tally(): LineTally {
    return (this.#lines ?? this.#document).tally;
  }

  get formatId(): string | null {
    return (this.#lines ?? this.#document).formatId;
  }

  write(bytes: Uint8Array): void {
    if (this.#lines !== null) this.#lines.write(bytes);
    else if (this.#state === "document") this.#document.write(bytes);
    else if (this.#state === "behind it") this.#behind(bytes);
    else {
      const end = bytes.indexOf(LF);
      this.#document.write(bytes.subarray(0, end < 0 ? bytes.length : end + 1));
      if (end < 0) return;
      this.#state = this.#document.isOver ? "behind it" : "document";
      this.write(bytes.subarray(end + 1));
    }
  }

  end(): void {
    (this.#lines ?? this.#document).end();
  }

  /** Looks at what follows a whole object and its line's end. */
  #behind(bytes: Uint8Array): void {
    let i = 0;
    while (i < bytes.length && (bytes[i] === LF || bytes[i] === CR)) i++;
    if (i === bytes.length) return;
    if (bytes[i] !== BRACE) {
      this.#state = "document";
      this.#document.write(bytes);
      return;
    }
    this.#lines = this.#openLines();
    this.#lines.tally.ignore("longer than 1 MiB", NOTHING, 0, 0);
    this.#lines.write(bytes);
  }
}
