import type { LineReading } from "./line-reading.ts";

/** What a cut line says for sure: the fields that something follows. An exponent without figures is still the number's. */
export function completeIn(reading: LineReading, line: string): LineReading {
  const { length } = line.replace(/(?<=[\d.])e[-+]?$/i, "");
  const fields = reading.fields.filter(({ end }) => end < length);
  return { ...reading, fields, points: [], events: [], repeats: false };
}

/** Tells whether a line is an object that does not close. */
export function isCutObject(line: string): boolean {
  return line.startsWith("{") && !line.trimEnd().endsWith("}");
}
