import { numberFromDecimal } from "./number-from-decimal.ts";

/** 7, -1.5, 1.0, .5, 1e-05, 1.00e10 and the like: no zero or plus before, none after a fraction, no 12e5. */
const WRITTEN = /^-?(?:(?:0|[1-9]\d*)?(?:\.\d*[1-9])?|(?:0|[1-9]\d*)(?:\.0|e[+-]\d+)|\d\.\d+e[+-]?\d+)$/i;

/**
 * Reads the text of a CSV cell as a key: a number where it is written as programs write numbers, else the text itself,
 * so that no two identifiers become one: `007`, `+7`, `1.10` and `12e5` are texts, and `007` is not `7`.
 *
 * The text decides alone, whatever else its column holds: a key does not depend on how a file is cut.
 */
export function keyFromCell(text: string): number | bigint | string {
  const trimmed = text.trim();
  const number = numberFromDecimal(trimmed);
  if (number === undefined) return text;
  if (typeof number === "bigint" || Number.isFinite(number)) return WRITTEN.test(trimmed) ? number : text;
  return /\d/.test(trimmed) ? text : number;
}
