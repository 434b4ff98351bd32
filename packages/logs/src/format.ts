import type { LineTally } from "./line-tally.ts";
import type { LineGrammar } from "./text/line-reading.ts";
import type { RunTrack } from "./run-track.ts";

/** A log format that is read. */
export interface Format {
  readonly id: string;
  readonly title: string;
  /** `text`: lines; `document`: one value, rewritten as a whole; `binary`: framed records. */
  readonly kind: "text" | "document" | "binary";
}

/** A format that a sample line or a pattern fixes; `pinFromLine` and `pinFromPattern` of `@lossflow/logs/pin` make it. */
export interface PinnedFormat {
  readonly kind: "line" | "pattern";
  /** As given. */
  readonly text: string;
  readonly grammar: LineGrammar;
}

/** The id of a format, or one that is pinned. */
export type FormatChoice = string | PinnedFormat;

/** What the first bytes of a file, and its name, tell. */
export interface Head {
  readonly bytes: Uint8Array;
  /** The path as given, with "/" between folders. */
  readonly name: string;
  /** The bytes are the whole file. */
  readonly whole: boolean;
  /** The run that is asked for, in a table of several. */
  readonly part?: string;
}

/** A format that a file may be of, and how sure that is: 0 not at all, 1 certain. */
export interface Guess {
  readonly id: string;
  readonly confidence: number;
}

/** Reads the bytes of one file, in any chunks. */
export interface ByteReader {
  readonly tally: LineTally;
  /** The format that the bytes so far speak for. */
  readonly formatId: string | null;
  /** How sure that is by now, where reading on tells more than detection. */
  readonly confidence?: number;
  /** Takes the next bytes; they are the caller's again after the call. */
  write(bytes: Uint8Array): void;
  /** Ends the file: what is incomplete is reported. */
  end(): void;
}

/** Formats that one reader reads. */
export interface FormatFamily {
  readonly formats: readonly Format[];
  /** The most likely of its formats, or null where none is. */
  detect(head: Head): Guess | null;
  /** Begins to read a file, as the format `id`. */
  open(track: RunTrack, head: Head, id: string): ByteReader;
}
