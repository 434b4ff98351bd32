import { CR, LF, type RecordScan } from "./csv-records.ts";

/** Finds the whole lines at the beginning of `bytes`; a row is a line that is not blank. */
export function scanJsonLines(bytes: Uint8Array, atEnd: boolean): RecordScan {
  let rows = 0;
  let lines = 0;
  let at = 0;
  while (at < bytes.length) {
    const next = bytes.indexOf(LF, at);
    if (next === -1 && !atEnd) break;
    const end = next === -1 ? bytes.length : next;
    if (!isBlankLine(bytes, at, end)) rows++;
    lines++;
    at = next === -1 ? end : end + 1;
  }
  return { end: at, rows, lines };
}

/** Whether bytes[from .. to) are spaces alone. */
export function isBlankLine(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    const byte = bytes[i]!;
    if (byte !== 0x20 && byte !== 0x09 && byte !== CR) return false;
  }
  return true;
}
