import { CR, endOfQuoted, LF, QUOTE } from "./csv-records.ts";

/** Where the cells of a record stand. */
export interface RecordCells {
  readonly starts: number[];
  readonly ends: number[];
  readonly quoted: boolean[];
  /** Position after the record's line end. */
  readonly next: number;
  /** Whether text follows a closing quote, or a quote is not closed: no cell can be told then. */
  readonly broken: boolean;
}

/** Splits the record that begins at `at`. Quotes around a cell are left out, doubled ones inside stay doubled. */
export function cellsOfRecord(bytes: Uint8Array, at: number, delimiter: number): RecordCells {
  const starts: number[] = [];
  const ends: number[] = [];
  const quoted: boolean[] = [];
  let position = at;
  let broken = false;
  for (;;) {
    let end: number;
    if (bytes[position] === QUOTE) {
      const after = endOfQuoted(bytes, position);
      if (after === -1) return { starts, ends, quoted, next: bytes.length, broken: true };
      starts.push(position + 1);
      ends.push(after - 1);
      quoted.push(true);
      end = endOfPlain(bytes, after, delimiter);
      if (end > after) broken = true;
    } else {
      end = endOfPlain(bytes, position, delimiter);
      starts.push(position);
      ends.push(end);
      quoted.push(false);
    }
    if (bytes[end] !== delimiter) {
      const next = bytes[end] === CR && bytes[end + 1] === LF ? end + 2 : Math.min(end + 1, bytes.length);
      return { starts, ends, quoted, next, broken };
    }
    position = end + 1;
  }
}

function endOfPlain(bytes: Uint8Array, at: number, delimiter: number): number {
  let end = at;
  for (; end < bytes.length; end++) {
    const byte = bytes[end]!;
    if (byte === delimiter || byte === LF || byte === CR) break;
  }
  return end;
}
