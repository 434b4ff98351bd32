const LF = 10;
const CR = 13;
const BRACE = 123;
/** As long as a line is read. */
const LONGEST = 1 << 20;
/** The text of a record, as Docker, journald, Google's cloud, structlog and Python's JSON loggers call it. */
const TEXT_KEYS = ["log", "message", "MESSAGE", "msg", "textPayload", "event"];
const TIME_KEYS = ["time", "timestamp", "asctime", "ts", "@timestamp"];
/** What stands beside the text and is no figure of training. */
const BESIDE =
  /^(?:stream|level\w*|severity|log_?level|time|timestamp|receiveTimestamp|asctime|ts|@timestamp|@version|logger\w*|name|module|filename|pathname|func\w*|line_?no?|line_?number|process\w*|thread\w*|pid|host\w*|logName|insertId|resource|labels|caller|attrs|kubernetes|tag|source|taskName|_.*|[A-Z_]+)$/;
const STAMP = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[-+]\d\d:?\d\d)?$/;

/**
 * Takes lines out of the JSON that a log driver put around them, `{"log":"step 1 loss 2.5\n","stream":"stderr","time":"2023-.."}`:
 * the text stands behind its stamp, as if it had been printed so. What is no such record is left as it is. Bytes in any chunks
 * in, bytes out.
 */
export class WrappedLines {
  readonly #decoder = new TextDecoder();
  readonly #encoder = new TextEncoder();
  #rest = new Uint8Array(0);
  /** A line of more than 16 KiB comes in pieces, all but the last without its end. */
  #inside = false;

  write(chunk: Uint8Array): Uint8Array {
    const bytes = concat(this.#rest, chunk);
    // A CR at the end may be half of a CRLF.
    const last = Math.max(bytes.lastIndexOf(LF), bytes.subarray(0, -1).lastIndexOf(CR));
    const whole = last < 0 && bytes.length > LONGEST ? bytes.length : last + 1;
    this.#rest = bytes.slice(whole);
    return this.#unwrap(bytes.subarray(0, whole));
  }

  end(): Uint8Array {
    const rest = this.#rest;
    this.#rest = new Uint8Array(0);
    return this.#unwrap(rest);
  }

  #unwrap(bytes: Uint8Array): Uint8Array {
    const parts: Uint8Array[] = [];
    for (let start = 0; start < bytes.length;) {
      const end = lineEnd(bytes, start);
      const next = end + (bytes[end] === CR && bytes[end + 1] === LF ? 2 : 1);
      const text = bytes[start] === BRACE ? textOf(this.#decoder.decode(bytes.subarray(start, end))) : null;
      parts.push(text === null ? bytes.subarray(start, next) : this.#encoder.encode(this.#lineOf(text)));
      start = next;
    }
    return concat(...parts);
  }

  #lineOf({ text, time, driver }: Wrapped): string {
    const begun = this.#inside;
    const ends = !driver || text.endsWith("\n");
    this.#inside = !ends;
    const stamp = begun || time === null ? "" : `${time} `;
    return stamp + text + (driver || text.endsWith("\n") ? "" : "\n");
  }
}

/** Tells whether the first lines are records around text. */
export function isWrapped(head: Uint8Array): boolean {
  let start = 0;
  while (start < head.length && head[start]! <= 32) start++;
  const end = lineEnd(head, start);
  if (head[start] !== BRACE || end === head.length || end - start > LONGEST) return false;
  return textOf(new TextDecoder().decode(head.subarray(start, end))) !== null;
}

interface Wrapped {
  readonly text: string;
  readonly time: string | null;
  /** Docker's own: the text has its line ends. */
  readonly driver: boolean;
}

function textOf(line: string): Wrapped | null {
  if (!TEXT_KEYS.some((key) => line.includes(`"${key}"`))) return null;
  let record: unknown;
  try {
    record = JSON.parse(line);
  } catch {
    return null;
  }
  if (typeof record !== "object" || record === null) return null;
  const fields = new Map(Object.entries(record));
  const key = TEXT_KEYS.find((key) => typeof fields.get(key) === "string");
  if (
    key === undefined ||
    fields.size < 2 ||
    ![...fields.keys()].every((name) => name === key || BESIDE.test(name))
  )
    return null;
  const time = TIME_KEYS.map((name) => fields.get(name)).find(
    (value) => typeof value === "string" && STAMP.test(value),
  );
  return {
    text: String(fields.get(key)),
    time: typeof time === "string" ? time : null,
    driver: key === "log",
  };
}

/** Where a line ends: its LF or CR, or the end of the bytes. */
function lineEnd(bytes: Uint8Array, start: number): number {
  const lf = bytes.indexOf(LF, start);
  const end = lf < 0 ? bytes.length : lf;
  const cr = bytes.subarray(start, end).indexOf(CR);
  return cr < 0 ? end : start + cr;
}

function concat(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
