import { readingFromObject } from "../text/object-reading.ts";
import { scanObject } from "../text/object-scanner.ts";
import type { LineGrammar } from "../text/line-reading.ts";

/** A line that is one JSON object, as most training code writes them. */
export const objectLine: LineGrammar = {
  id: "jsonl",
  title: "JSON lines",
  record: true,
  long: true,
  create: () => (line, start) => {
    if (line[start] !== "{" || line[start + 1] === "'") return null;
    const object = scanObject(line, start);
    if (object === null || line.slice(object.end).trim() !== "") return null;
    return readingFromObject(line, object, start);
  },
};
