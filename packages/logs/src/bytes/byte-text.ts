/**
 * Spells bytes as a string of one character a byte, so that the positions of a match are positions of bytes. Turn what
 * a person will read into text with `textFromBytes`.
 */
export function byteText(bytes: Uint8Array, start: number, end: number): string {
  let text = "";
  for (let i = start; i < end; i += PIECE) text += spell(bytes.subarray(i, Math.min(end, i + PIECE)));
  return text;
}

/** As many arguments as any engine takes. */
const PIECE = 4096;

function spell(bytes: Uint8Array): string {
  return String.fromCharCode.apply(null, bytes as unknown as number[]);
}

/** Turns a string of one character a byte into the UTF-8 text that it spells; broken sequences become U+FFFD. */
export function textFromBytes(spelled: string): string {
  let ascii = true;
  for (let i = 0; i < spelled.length && ascii; i++) ascii = spelled.charCodeAt(i) < 128;
  if (ascii) return spelled;
  return new TextDecoder().decode(Uint8Array.from(spelled, (c) => c.charCodeAt(0)));
}
