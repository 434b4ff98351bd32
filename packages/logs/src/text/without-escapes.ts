const ESCAPE = 27;
const BELL = 7;
const BACKSPACE = 8;

/** Copies a line without its terminal escapes: CSI (colours, cursor), OSC (titles, links) and two-byte ones; and without backspaces. */
export function withoutEscapes(bytes: Uint8Array, start: number, end: number): Uint8Array {
  const plain = new Uint8Array(end - start);
  let length = 0;
  for (let i = start; i < end;) {
    const c = bytes[i]!;
    if (c === BACKSPACE) {
      i++;
      continue;
    }
    if (c !== ESCAPE) {
      plain[length++] = c;
      i++;
      continue;
    }
    const kind = bytes[i + 1];
    i += 2;
    if (kind === 0x5b) {
      while (i < end && (bytes[i]! < 0x40 || bytes[i]! > 0x7e)) i++;
      i++;
    } else if (kind === 0x5d) {
      while (i < end && bytes[i] !== BELL && bytes[i] !== ESCAPE) i++;
      if (bytes[i] === ESCAPE) i++;
      i++;
    }
  }
  return plain.subarray(0, length);
}

/** Tells whether a line has what `withoutEscapes` leaves out. */
export function hasEscapes(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i] === ESCAPE || bytes[i] === BACKSPACE) return true;
  return false;
}
