import { byteText } from "../bytes/byte-text.ts";
import type { LineField } from "./line-reading.ts";

const LONGEST_STAMP = 200;

/**
 * Tells whether there are the digits of a date outside the fields: a stamp that is damaged, or of no known kind. In a shape
 * they would be any digits, and lines with a sound stamp would mean what this one does.
 */
export function hasStrayStamp(
  bytes: Uint8Array,
  start: number,
  end: number,
  fields: readonly LineField[],
): boolean {
  const text = byteText(bytes, start, Math.min(end, start + (fields[0]?.start ?? 0), start + LONGEST_STAMP));
  return !fields.some(({ role }) => role === "clock") && /\d[-/]\d{1,3}[-/]\d/.test(text);
}
