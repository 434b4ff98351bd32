import { readingFromPairs } from "../text/pair-reading.ts";
import type { LineGrammar } from "../text/line-reading.ts";

const HEAD = /^\[(\d+)\](?: collection=([\w./-]+),?)? (?=[\w./-]+=)/;

/** CLU, the writer of many JAX trainers: `[300] collection=train accuracy=0.3, loss=4.1`; the step stands in brackets. */
export const clu: LineGrammar = {
  id: "clu",
  title: "CLU (JAX)",
  create: () => (line, from) => {
    const head = HEAD.exec(line.slice(from));
    if (head === null) return null;
    const [whole, step, tag] = head as unknown as [string, string, string?];
    const reading = readingFromPairs(line, {
      from: from + whole.length,
      ...(tag === undefined ? {} : { tag }),
    });
    if (reading === null || !reading.fields.some(({ role }) => role === "point")) return null;
    const place = { start: from + 1, end: from + 1 + step.length, role: "step" } as const;
    const literals = [[from + 1 + step.length, from + whole.length] as const, ...(reading.literals ?? [])];
    return { fields: [place, ...reading.fields], literals };
  },
};
