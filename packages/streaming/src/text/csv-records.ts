export const QUOTE = 0x22;
export const LF = 0x0a;
export const CR = 0x0d;

/** The whole records at the beginning of some bytes. */
export interface RecordScan {
  /** Bytes of the whole records; what follows belongs to the next. */
  readonly end: number;
  readonly rows: number;
  /** Lines that they stand on: blank ones and those inside of quotes count. */
  readonly lines: number;
}

/**
 * Finds the whole records at the beginning of `bytes`, which begin with a record. LF, CRLF and CR end a record, except
 * between quotes; a blank line is none.
 * @param atEnd whether nothing follows, so that the last record needs no line end.
 */
export function scanCsvRecords(bytes: Uint8Array, delimiter: number, atEnd: boolean): RecordScan {
  const plain = !bytes.includes(QUOTE) && !bytes.includes(CR);
  return plain ? scanPlainLines(bytes, atEnd) : scanQuotedRecords(bytes, delimiter, atEnd);
}

/** Finds whole lines that are not empty, where only LF ends them. */
function scanPlainLines(bytes: Uint8Array, atEnd: boolean): RecordScan {
  let rows = 0;
  let lines = 0;
  let at = 0;
  for (;;) {
    const next = bytes.indexOf(LF, at);
    if (next === -1) break;
    if (next > at) rows++;
    lines++;
    at = next + 1;
  }
  if (!atEnd || at === bytes.length) return { end: at, rows, lines };
  return { end: bytes.length, rows: rows + 1, lines: lines + 1 };
}

function scanQuotedRecords(bytes: Uint8Array, delimiter: number, atEnd: boolean): RecordScan {
  const { length } = bytes;
  let rows = 0;
  let lines = 0;
  let linesHere = 0;
  let end = 0;
  let cell = true;
  for (let at = 0; at < length;) {
    const byte = bytes[at]!;
    if (cell && byte === QUOTE) {
      const after = endOfQuoted(bytes, at);
      if (after === -1) break;
      linesHere += lineEndsWithin(bytes, at, after);
      at = after;
      cell = false;
    } else if (byte === LF || byte === CR) {
      // Whether an LF follows a CR at the very end is not known yet.
      if (byte === CR && at + 1 === length && !atEnd) break;
      const after = byte === CR && bytes[at + 1] === LF ? at + 2 : at + 1;
      if (at > end) rows++;
      lines += linesHere + 1;
      linesHere = 0;
      end = after;
      at = after;
      cell = true;
    } else {
      cell = byte === delimiter;
      at++;
    }
  }
  if (!atEnd || end === length) return { end, rows, lines };
  return { end: length, rows: rows + 1, lines: lines + linesHere + 1 };
}

/** Position after the quote that ends the cell that begins with a quote at `at`; -1 where there is none. */
export function endOfQuoted(bytes: Uint8Array, at: number): number {
  let from = at + 1;
  for (;;) {
    const quote = bytes.indexOf(QUOTE, from);
    if (quote === -1) return -1;
    if (bytes[quote + 1] !== QUOTE) return quote + 1;
    from = quote + 2;
  }
}

/** Counts line ends in bytes[from .. to); a CRLF is one. */
export function lineEndsWithin(bytes: Uint8Array, from: number, to: number): number {
  let count = 0;
  for (let i = from; i < to; i++) {
    if (bytes[i] === LF && !(i > from && bytes[i - 1] === CR)) count++;
    else if (bytes[i] === CR) count++;
  }
  return count;
}
