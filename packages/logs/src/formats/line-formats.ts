import { byteText } from "../bytes/byte-text.ts";
import type { FormatFamily } from "../format.ts";
import { lineGrammars } from "../grammars/index.ts";
import { linePrefix } from "../text/line-prefix.ts";
import { LineTrust, measures } from "../text/line-trust.ts";
import { PlaceAbove } from "../text/place-above.ts";
import { TextReader } from "../text/text-reader.ts";
import { hasEscapes, withoutEscapes } from "../text/without-escapes.ts";

const MOST_LINES = 400;
const ENOUGH = 20;

/**
 * Logs of text lines. All grammars read along, whichever the first lines spoke for: a job's output is often a mixture,
 * and often begins with pages of settings or source code.
 */
export const lineFormats: FormatFamily = {
  formats: [
    ...lineGrammars.map(({ id, title }) => ({ id, title, kind: "text" as const })),
    { id: "text", title: "Text", kind: "text" },
  ],
  detect({ bytes }) {
    if (isBinary(bytes.subarray(0, 4096))) return null;
    const plain = hasEscapes(bytes, 0, bytes.length) ? withoutEscapes(bytes, 0, bytes.length) : bytes;
    const lines = byteText(plain, 0, plain.length).split(/[\r\n]+/, MOST_LINES);
    const counts = new Map<string, number>();
    const above = new PlaceAbove();
    const readers = lineGrammars.map((grammar) => ({ id: grammar.id, read: grammar.create(above) }));
    const trust = new LineTrust<string>();
    let full = 0;
    for (const line of lines) {
      if (line.trim() === "" || line.length > 1 << 14) continue;
      full++;
      const { end } = linePrefix(line);
      let known = false;
      for (const { id, read } of readers) {
        const reading = read(line, end);
        if (reading === null) continue;
        above.note(line, end, reading);
        known = true;
        const waiting = measures(reading) ? trust.admit(reading, () => id) : null;
        for (const each of waiting === null ? [] : [...waiting, id]) {
          counts.set(each, (counts.get(each) ?? 0) + 1);
        }
        break;
      }
      if (!known) above.note(line, end, null);
      if (Math.max(0, ...counts.values()) >= ENOUGH) break;
    }
    const [best] = [...counts].sort((a, b) => b[1] - a[1]);
    if (best === undefined) return { id: "text", confidence: 0.1 };
    const [id, count] = best;
    return { id, confidence: 0.6 + (0.35 * count) / full };
  },
  open: (track) => new TextReader(track, lineGrammars),
};

/** Control bytes that no text has; NULs alone are the hole that a truncated file's writer leaves. */
function isBinary(bytes: Uint8Array): boolean {
  let controls = 0;
  let nulls = 0;
  for (const c of bytes) {
    if (c === 0) nulls++;
    else if (c < 32 && c !== 9 && c !== 10 && c !== 12 && c !== 13 && c !== 8 && c !== 27) controls++;
  }
  return controls > 4 && controls > 0.02 * (bytes.length - nulls);
}
