import { LossflowError } from "@lossflow/core";
import type { ByteReader, FormatChoice, FormatFamily, Guess, Head, PinnedFormat } from "./format.ts";
import { isWrapped, WrappedLines } from "./bytes/wrapped-lines.ts";
import { formatFamilies, formats } from "./formats.ts";
import type { IgnoredSample, LineCounts } from "./record.ts";
import { RunTrack } from "./run-track.ts";
import type { LogSink } from "./sink.ts";
import { TextReader } from "./text/text-reader.ts";

const HEAD = 1 << 16;
/** A first line of JSON may be long (a dump of the settings): its end, and what follows it, are awaited up to here. */
const LONGEST_HEAD = (1 << 20) + HEAD;
const SETTLED = 0.5;
const LF = 10;
const BRACE = 123;

/** What `openReader` takes. */
export interface ReaderOptions {
  /** The file's path or name: some formats are known by it. */
  readonly name: string;
  readonly sink: LogSink;
  /** The id of a format, or a pinned one, to skip detection. */
  readonly format?: FormatChoice;
  /** The run that is asked for, in a table that has columns of several (`run-a - loss`). */
  readonly part?: string;
  /** The run that the file belongs to, where it has several files. */
  readonly track?: RunTrack;
}

/** Reads one file of a log, incrementally. */
export interface LogReader {
  /** The id of the format; null until the first bytes have told. */
  readonly format: string | null;
  /** How sure the detection was, 0 to 1; 1 where the format was given. */
  readonly confidence: number;
  /** What the file might be, the likeliest first. */
  readonly candidates: readonly Guess[];
  /** The first bytes are of no known format: what follows is passed over. */
  readonly isRefused: boolean;
  /** Takes the next bytes; they are the caller's again after the call. */
  write(bytes: Uint8Array): void;
  /**
   * Decides on the format with what has come so far, if that is enough to tell; for logs that grow slowly. Returns
   * whether the format is known.
   */
  settle(): boolean;
  /** Ends the log: a line without an end is the last one, and what is incomplete is reported as `truncated`. */
  end(): void;
  readonly lines: LineCounts;
  /** 1 + the resumes, restarts and rewrites found. */
  readonly segments: number;
  /** The first ignored lines, with the reason. */
  readonly ignoredSamples: readonly IgnoredSample[];
}

/**
 * Opens a reader for one file of a log. Without `format` it waits for the first 64 KiB (more where a first line of JSON is
 * longer), or the end of the log, to know the format by its content; everything else is incremental: any chunking of the bytes gives the same
 * points and events.
 *
 * @throws LossflowError `LF_FORMAT_UNKNOWN` where `format` is no format's id.
 */
export function openReader(options: ReaderOptions): LogReader {
  return new DetectingReader(options);
}

class DetectingReader implements LogReader {
  readonly #name: string;
  readonly #part: string | undefined;
  readonly #track: RunTrack;
  readonly #given: string | null;
  readonly #pinned: PinnedFormat | null;
  #reader: ByteReader | null = null;
  #format: string | null = null;
  #candidates: readonly Guess[] = [];
  #head: Uint8Array = new Uint8Array(0);
  #headLength = 0;
  #window = HEAD;
  isRefused = false;
  /** What the bytes stand for, where they are not the log's own. */
  #inner: Inner | null = null;

  constructor(options: ReaderOptions) {
    this.#name = options.name.replaceAll("\\", "/");
    this.#part = options.part;
    this.#track = options.track ?? new RunTrack(options.sink);
    const { format = null } = options;
    this.#pinned = typeof format === "object" ? format : null;
    this.#given = typeof format === "string" ? format : (format?.grammar.id ?? null);
    if (typeof format === "string") familyOf(format);
  }

  get format(): string | null {
    return this.#reader?.formatId ?? this.#format;
  }

  get confidence(): number {
    const detected = this.#candidates[0]?.confidence ?? 0;
    return this.#given === null ? Math.max(detected, this.#reader?.confidence ?? 0) : detected;
  }

  get candidates(): readonly Guess[] {
    return this.#candidates;
  }

  get lines(): LineCounts {
    return this.#reader?.tally ?? { total: 0, read: 0, ignored: 0 };
  }

  get segments(): number {
    return this.#track.segments;
  }

  get ignoredSamples(): readonly IgnoredSample[] {
    return this.#reader?.tally.samples ?? [];
  }

  write(bytes: Uint8Array): void {
    if (this.isRefused) return;
    if (this.#reader !== null) {
      this.#reader.write(this.#inner === null ? bytes : this.#inner.write(bytes));
      return;
    }
    const length = this.#headLength + bytes.length;
    if (length > this.#head.length) {
      const longer = new Uint8Array(Math.max(length, 2 * this.#head.length));
      longer.set(this.#head);
      this.#head = longer;
    }
    this.#head.set(bytes, this.#headLength);
    this.#headLength = length;
    if (length >= this.#window || (length >= HEAD && bytes.includes(LF)))
      this.#window = windowOf(this.#kept());
    if (length >= this.#window) this.#start(false);
  }

  settle(): boolean {
    if (this.#reader !== null) return true;
    const raw = this.#kept();
    const inner = innerOf(raw);
    const kept = inner === null ? withoutByteOrderMark(raw) : inner.write(raw);
    if (!kept.includes(10)) return false;
    if (this.#given === null) {
      const best = guess({ bytes: wholeLines(kept), name: this.#name, whole: false })[0];
      if (best === undefined || best.confidence < SETTLED) return false;
    }
    this.#start(false);
    return true;
  }

  end(): void {
    if (this.#reader === null && !this.isRefused) this.#start(true);
    if (this.#inner !== null) this.#reader?.write(this.#inner.end());
    this.#reader?.end();
  }

  #kept(): Uint8Array {
    return this.#head.subarray(0, this.#headLength);
  }

  /** Decides on the format and reads what was kept for that. */
  #start(whole: boolean): void {
    const raw = this.#kept();
    const window = windowOf(raw);
    this.#inner = innerOf(raw);
    let kept = this.#inner === null ? withoutByteOrderMark(raw) : this.#inner.write(raw);
    if (whole && this.#inner !== null) kept = joined(kept, this.#inner.end());
    this.#head = new Uint8Array(0);
    const head: Head = {
      bytes: whole || kept.length >= window ? kept.subarray(0, window) : wholeLines(kept),
      name: this.#name,
      whole: whole && kept.length <= window,
      ...(this.#part === undefined ? {} : { part: this.#part }),
    };
    const guesses = this.#given === null ? guess(head) : [{ id: this.#given, confidence: 1 }];
    this.#candidates = guesses;
    const best = guesses[0];
    this.isRefused = best === undefined && !whole;
    if (best === undefined) return;
    this.#format = best.id;
    this.#reader =
      this.#pinned === null
        ? familyOf(best.id).open(this.#track, head, best.id)
        : new TextReader(this.#track, [this.#pinned.grammar]);
    this.#reader.write(kept);
  }
}

/** How many of the first bytes tell the format: 64 KiB, or 64 KiB behind a first line of JSON that is longer. */
function windowOf(bytes: Uint8Array): number {
  let start = 0;
  while (start < bytes.length && (bytes[start]! <= 32 || bytes[start]! >= 0x80)) start++;
  if (bytes[start] !== BRACE) return HEAD;
  const end = bytes.indexOf(LF, start);
  if (end < 0) return bytes.length < HEAD ? HEAD : LONGEST_HEAD;
  return end < HEAD ? HEAD : Math.min(end + HEAD, LONGEST_HEAD);
}

function guess(head: Head): Guess[] {
  if (head.bytes.length === 0) return [];
  const guesses: Guess[] = [];
  for (const family of formatFamilies) {
    const found = family.detect(head);
    // A checksum leaves no doubt.
    if (found?.confidence === 1) return [found];
    if (found !== null && found.confidence > 0) guesses.push(found);
  }
  return guesses.sort((a, b) => b.confidence - a.confidence);
}

function familyOf(id: string): FormatFamily {
  const family = formatFamilies.find((family) => family.formats.some((format) => format.id === id));
  if (family !== undefined) return family;
  throw new LossflowError(
    "LF_FORMAT_UNKNOWN",
    `There is no log format "${id}"; choose one of ${formats.map((format) => format.id).join(", ")}.`,
    { expected: "a format id", got: id },
  );
}

/** Turns bytes, in any chunks, into those of the log. */
interface Inner {
  write(bytes: Uint8Array): Uint8Array;
  end(): Uint8Array;
}

function innerOf(head: Uint8Array): Inner | null {
  return utf16ToUtf8(head) ?? (isWrapped(withoutByteOrderMark(head)) ? new WrappedLines() : null);
}

/** Windows PowerShell redirects output as UTF-16: where its mark stands, returns what turns it into UTF-8. */
function utf16ToUtf8(head: Uint8Array): Inner | null {
  const little = head[0] === 0xff && head[1] === 0xfe;
  if (!little && !(head[0] === 0xfe && head[1] === 0xff)) return null;
  const decoder = new TextDecoder(little ? "utf-16le" : "utf-16be");
  const encoder = new TextEncoder();
  return {
    write: (bytes) => encoder.encode(decoder.decode(bytes, { stream: true })),
    end: () => encoder.encode(decoder.decode()),
  };
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(a.length + b.length);
  bytes.set(a);
  bytes.set(b, a.length);
  return bytes;
}

function withoutByteOrderMark(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

/** A line that is not whole yet may be taken for another than it will be. */
function wholeLines(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(0, bytes.lastIndexOf(10) + 1);
}
