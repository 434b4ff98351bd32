import { escapeText } from "../../../src/format/escape-text.ts";

const LONGEST = 160;

/** Makes a name from a log fit to show: nothing in it can reorder or hide text, and it has an end. */
export function label(name: string): string {
  const safe = escapeText(name.length > LONGEST ? `${name.slice(0, LONGEST)}…` : name);
  return safe === "" ? "(no name)" : safe;
}
