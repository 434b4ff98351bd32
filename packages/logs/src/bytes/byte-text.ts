/**
 * Spells bytes as a string of one character a byte, so that the positions of a match are positions of bytes. Turn what
 * a person will read into text with `textFromBytes`.
 */
export function byteText(bytes: Uint8Array, start: number, end: number): string {
  if (end - start <= 4096) return String.fromCharCode(...bytes.subarray(start, end));
  const parts: string[] = [];
  for (let i = start; i < end; i += 4096) {
    parts.push(String.fromCharCode(...bytes.subarray(i, Math.min(end, i + 4096))));
  }
  return parts.join("");
}

/** Turns a string of one character a byte into the UTF-8 text that it spells; broken sequences become U+FFFD. */
export function textFromBytes(spelled: string): string {
  let ascii = true;
  for (let i = 0; i < spelled.length && ascii; i++) ascii = spelled.charCodeAt(i) < 128;
  if (ascii) return spelled;
  return new TextDecoder().decode(Uint8Array.from(spelled, (c) => c.charCodeAt(0)));
}
