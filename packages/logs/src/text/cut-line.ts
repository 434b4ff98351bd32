import type { LineReading } from "./line-reading.ts";

/** What a cut line of `length` bytes says for sure: the fields that something follows. */
export function completeIn(reading: LineReading, length: number): LineReading {
  const fields = reading.fields.filter(({ end }) => end < length);
  return { ...reading, fields, points: [], events: [], repeats: false };
}

/** Tells whether a line is an object that does not close. */
export function isCutObject(line: string): boolean {
  return line.startsWith("{") && !line.trimEnd().endsWith("}");
}
