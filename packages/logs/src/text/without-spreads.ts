import { NUMBER } from "./number-pattern.ts";

/** The sign is spelled byte by byte, as lines are. */
const SPREAD = new RegExp(`[ \\t]*(?:\\u00c2?\\u00b1|\\+/-)[ \\t]*${NUMBER}`, "g");

/** Blanks the spreads of means, as in `0.5 ± 0.1` and `0.5 +/- 0.1`. */
export function withoutSpreads(line: string): string {
  if (!line.includes("\u00b1") && !line.includes("+/-")) return line;
  return line.replace(SPREAD, (spread) => " ".repeat(spread.length));
}
